"""Records as text for eyes and programs: the terminal, Markdown, CSV, JSON, workbooks."""
