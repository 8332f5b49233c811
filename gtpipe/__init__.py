"""gtpipe keeps the books of a grounded-theory study; people do the coding."""

__version__ = "0.1.0"
