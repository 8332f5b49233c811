"""Timed pieces of speech: captions and what speech recognisers write."""
