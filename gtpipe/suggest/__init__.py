"""Suggestions: a person's own earlier codes that fit a turn, actions as gerunds, striking words in
vivo; and how far to trust them.

The only package that names scipy, numpy or spaCy, and none of them before a command
that needs it. What is made here is a suggestion until a person accepts it: it stands apart, counts
nowhere, and never trains. Nothing goes over a network.
"""
