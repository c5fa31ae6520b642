"""Pure: which account (or way of working) does a piece of work, drawn by chance."""
