"""Documents of word processors and web pages: paragraphs and tables in order."""
