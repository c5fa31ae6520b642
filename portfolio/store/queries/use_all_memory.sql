-- Hold in memory what fits, again.
RESET memory_limit
