-- What each source told last of each pull request.
-- out: source, session, forge_path, number, seen_us, branch, title, author, is_bot, merged_us,
--      merge_sha, labels, closes
SELECT
    source, session, forge_path, number, epoch_us(seen_at), branch, title, author, is_bot,
    epoch_us(merged_at), merge_sha, coalesce(labels, []), coalesce(closes, [])
FROM (
    SELECT *, max(record_no) OVER (PARTITION BY forge_path, number, source, session) AS newest
    FROM pull_request
)
WHERE record_no = newest
ORDER BY record_no
