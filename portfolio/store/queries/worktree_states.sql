-- The checkouts that turns were worked in, and how far the log of each HEAD was read.
-- out: worktree, repository, git_folder, head, log_size, log_modified_ns
SELECT worktree, repository, git_folder, head, log_size, log_modified_ns
FROM worktree
ORDER BY worktree
