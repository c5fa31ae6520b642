-- What was started in which checkout, oldest first.
-- out: worktree, item, step, methodology, branch, started_us
SELECT worktree, item, step, methodology, branch, epoch_us(started_at)
FROM work_start
ORDER BY started_at, record_no
