"""Documents for Word and LibreOffice (.docx): coded interviews, and chapters on the analysis."""
