"""One module for each kind of file under `data/`: how it is read, written, and edited line by line.

What several kinds share: `naming` (labels and incidents in a block), `entry` and `edits` (reading
an entry, proving an edit), `relabel` (a label written anew wherever it stands), `personal` (books
of which each person has their own file).
"""
