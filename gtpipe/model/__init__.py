"""The records of a study and the rules on them: the standard library, and rapidfuzz for
did-you-mean.
"""
