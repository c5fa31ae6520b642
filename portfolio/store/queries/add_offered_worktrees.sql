-- Add the checkouts that an import offers, but for those that are here.
INSERT INTO worktree
FROM offered.worktree AS other
WHERE NOT EXISTS (FROM worktree AS known WHERE known.worktree = other.worktree)
