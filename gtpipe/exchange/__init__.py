"""Studies of other programs: what their files hold, and ours as they read it.

A reader makes a `Project` of a file, a writer a file of a `Project`; what `gtpipe import` makes of
one, and what of a study goes into one, is said in `commands`.
"""
