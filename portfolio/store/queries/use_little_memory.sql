-- Hold no more than this in memory from now on; what is more goes to disk.
SET memory_limit = '48MB'
