"""git's own diff and merge, for the files of a study."""
