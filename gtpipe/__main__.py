"""`python -m gtpipe` is the `gtpipe` command."""

from gtpipe.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
