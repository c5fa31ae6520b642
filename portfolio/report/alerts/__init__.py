"""What is worth interrupting somebody for: one kind of alert a file, each a pure function."""
