"""Real repositories of which it is known what was shipped in them."""
