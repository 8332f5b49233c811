"""Source files: whose they are, what ingest is told of them, and what is to be asked."""
