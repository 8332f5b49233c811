"""Lines of text: where a turn begins in them, and who speaks it."""
