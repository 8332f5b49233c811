"""Source files and whose they are."""
