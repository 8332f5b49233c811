"""Text that people wrote: YAML with places, entries edited line by line, words, differences."""
