"""Turn windows of work into numbers with honest intervals. Pure: no clock, file or network."""
