-- Work on as many threads as there are, again.
RESET threads
