"""The full-screen desk: words, the codes beside them, and what they are compared with."""
