"""A study on disk: every path, its settings, one moment of it, the cache, the log, and changes all
or none.
"""
