"""`python -m gtpipe` is the `gtpipe` command."""

import os
import sys

if __name__ == "__main__":
    # `-m` puts the current folder before all others on the path: a study's files are no modules.
    if not sys.flags.safe_path and sys.path[0] == os.getcwd():
        del sys.path[0]
    from gtpipe.cli import program

    program()
