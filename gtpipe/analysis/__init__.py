"""The thinking: who speaks, what is coded, what is compared, what is wrong. Records in, records
out: no paths, no terminal, no layout.
"""
