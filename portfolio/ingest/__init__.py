"""Find captures and history on this machine: call the parser, drop what is known, write."""
