-- Work on one thread from now on.
SET threads = 1
