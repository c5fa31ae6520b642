-- What each source tells of each pull request: gh what it said last; of a session its first link,
-- with the branch of the answer before it where the log's stretch does not hold that.
-- out: source, session, forge_path, number, seen_us, branch, title, author, is_bot, merged_us,
--      merge_sha, labels, closes
WITH told AS (
    SELECT * FROM (
        SELECT
            *, min(record_no) OVER same AS oldest, max(record_no) OVER same AS newest
        FROM pull_request
        WINDOW same AS (PARTITION BY forge_path, number, source, session)
    )
    WHERE record_no = CASE WHEN source = 'gh' THEN newest ELSE oldest END
), answer AS (
    SELECT session, turn_at, branch
    FROM turn
    WHERE session IN (SELECT session FROM told WHERE source <> 'gh') AND branch IS NOT NULL
)
SELECT
    source, told.session, forge_path, number, epoch_us(seen_at),
    coalesce(told.branch, answer.branch), title, author, is_bot, epoch_us(merged_at), merge_sha,
    coalesce(labels, []), coalesce(closes, [])
FROM told ASOF LEFT JOIN answer
    ON answer.session = told.session AND told.seen_at >= answer.turn_at
ORDER BY told.record_no
