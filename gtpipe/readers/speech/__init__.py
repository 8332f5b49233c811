"""Timed speech: captions, tiers of transcription programs, and what speech recognisers write.

Each format is a small module that fills the table in `utterances`; `speech_turns` is the one door
from there to turns, and `who_speaks` finds the speakers.
"""
