-- When each checkout was on which branch, oldest first.
-- out: worktree, since_us, until_us, branch (NULL: on none)
SELECT worktree, epoch_us(since_at), epoch_us(until_at), branch
FROM current_head_span
ORDER BY worktree, since_at
