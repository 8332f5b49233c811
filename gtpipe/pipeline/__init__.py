"""The stages: what each reads and owns, running them, and telling whether they need to run."""
