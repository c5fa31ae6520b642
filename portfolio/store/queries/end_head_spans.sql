-- End the open spans of a checkout that the log of its HEAD does not know any more, where the
-- checkout was seen last.
-- in:  $worktree, $since_us (list: those it knows), $recorded_us
INSERT INTO head_span (worktree, since_at, until_at, branch, recorded_at)
SELECT
    worktree, since_at, (SELECT max(seen_at) FROM worktree WHERE worktree = $worktree), branch,
    make_timestamp($recorded_us)::TIMESTAMPTZ
FROM (
    SELECT *, max(record_no) OVER (PARTITION BY since_at) AS newest
    FROM head_span
    WHERE worktree = $worktree
)
WHERE record_no = newest AND until_at IS NULL
    AND NOT list_contains($since_us::BIGINT[], epoch_us(since_at))
