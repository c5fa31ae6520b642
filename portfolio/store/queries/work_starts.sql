-- Where and when work on an item was started, oldest first.
-- out: worktree, item, step, methodology, branch (NULL: on none), started_us, repository (its main
--      checkout; NULL: not known)
SELECT
    start.worktree, item, step, methodology, branch, epoch_us(started_at), place.repository
FROM work_start AS start LEFT JOIN current_work_place AS place ON place.cwd = start.worktree
ORDER BY started_at, start.record_no
