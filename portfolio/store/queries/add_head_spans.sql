-- Say when a checkout was on which branch, but for what is said already.
-- in:  $worktree, $recorded_us; lists of equal length: $since_us, $until_us, $branch
INSERT INTO head_span (worktree, since_at, until_at, branch, recorded_at)
WITH offered AS (
    SELECT
        make_timestamp(unnest($since_us::BIGINT[]))::TIMESTAMPTZ AS since_at,
        make_timestamp(unnest($until_us::BIGINT[]))::TIMESTAMPTZ AS until_at,
        unnest($branch::VARCHAR[]) AS branch
), standing AS (
    SELECT since_at, max_by(row(until_at, branch), record_no) AS said
    FROM head_span
    WHERE worktree = $worktree
    GROUP BY since_at
)
SELECT
    $worktree, offered.since_at, until_at, branch, make_timestamp($recorded_us)::TIMESTAMPTZ
FROM offered
LEFT JOIN standing ON standing.since_at = offered.since_at
WHERE standing.since_at IS NULL
    OR standing.said[1] IS DISTINCT FROM until_at OR standing.said[2] IS DISTINCT FROM branch
ORDER BY offered.since_at
