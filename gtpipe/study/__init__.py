"""A study read whole: every file that a person wrote as records, every coding, and what is wrong.

    load       the files of a study, parsed and brought together
    records    what they say at one moment, and what follows from it: codings, labels, old labels
    conclude   what follows from one interview alone, by whatever process
    kept       how that is kept; `cold` concludes what is not, on all cores (`engine`)
    checks     CHECKS and NOTES: one function for each thing that must hold
    corpus     the records with the problems that the checks find

One broken file does not hide the problems of the others.
"""

from __future__ import annotations

from gtpipe.study.corpus import Corpus
from gtpipe.study.load import (
    code_labels,
    codebook_of,
    each_file,
    each_memo,
    focused_of,
    labels_there,
    load,
    load_code,
    load_interview,
    reread,
    theory_of,
)

__all__ = [
    "Corpus",
    "code_labels",
    "codebook_of",
    "each_file",
    "each_memo",
    "focused_of",
    "labels_there",
    "load",
    "load_code",
    "load_interview",
    "reread",
    "theory_of",
]
