"""The study as a folder of pages that open from the file system: records in, pages out.

`study` gathers what pages are made of, `places` says where each page is, a module of its own lays
out each kind of page as records, and a template of the same name turns these into HTML.
"""
