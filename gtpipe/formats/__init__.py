"""One module per kind of file under `data/`: how it is read, written, and edited line by line."""
