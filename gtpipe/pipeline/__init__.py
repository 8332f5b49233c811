"""The stages: running them, and telling whether they need to run.

`stages` is the table of what each reads and owns; `initial_code`, `focused_code`,
`theoretical_code` and `memo` lay out one each; `run` loads, lays out and writes; `freshness` keeps
the record of what was laid out of what, `reasons` says in words why a stage is stale, `waiting`
what waits for a person.
"""
