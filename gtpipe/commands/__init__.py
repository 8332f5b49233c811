"""What a person does by command: each a plan in memory, proof, and one change of the files."""
