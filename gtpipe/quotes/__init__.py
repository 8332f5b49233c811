"""A chapter set against the transcripts."""
