"""What the terminal can ask, and Python by the same functions: one file a command."""
