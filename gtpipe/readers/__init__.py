"""A source file's bytes in, a `Reading` out: who says what,
and every other word of the file beside it.

    registry ── which reader takes a file ──┐
    documents/   .docx .odt .rtf .html      │ paragraphs and tables
    pages/       .pdf                       │ letters on a page
    tables/      .csv .tsv .xlsx            │ columns
    speech/      captions, tiers, recognisers' .json │ utterances
    lines/       .txt .md, and for all: where in lines of text a turn begins, and whose it is
    archive, decoding ── bytes opened without trusting them
    reading ── the records that all of them share
    workplace ── where a program that a reader calls finds its copy

A reader changes no word: what it does not hand on as a turn's label, time or text it lists in
`left_out` or `asides`. Each has a second, simpler way through the same bytes, whose words must be
those of the first. A new format is one module with a `READER`, and one line in `registry.READERS`.
"""
