"""Pages of letters that only have a place: lines and columns are found from where they stand."""
