"""Tables: which column says who speaks, which holds the words, which the time."""
