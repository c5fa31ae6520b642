"""Text from outside, turned into plain frozen records. Knows nothing of `portfolio`."""
