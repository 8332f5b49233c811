"""The study through git: what changed in the code book and its codings, when, by whom and why; and
help for git itself.
"""
