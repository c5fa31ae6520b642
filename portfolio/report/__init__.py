"""Records made visible: JSON for programs, plain sentences and tables for people."""
