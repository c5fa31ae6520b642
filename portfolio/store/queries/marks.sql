-- Every tag and trailer in every commit that stands, oldest first. A commit that is gone counts (its
-- branch was deleted after a squash) unless the same author wrote another one at the same moment:
-- then it was amended or rebased, and the newer one speaks for it. What had landed and is gone was
-- rewritten away: it counts as it was seen.
-- out: kind (NULL: a trailer tells none), item, named_window, step (NULL), message, repository, sha,
--      author_us, author, is_landed, via (the commit that brought it onto the default branch), change_type (of
--      its title)
WITH mark AS (
    SELECT repository, sha, line, kind, item, named_window, step, message FROM commit_tag
    UNION ALL
    SELECT repository, sha, line, NULL, item, NULL, NULL, NULL FROM commit_trailer
), telling AS (
    SELECT repository, author, author_at
    FROM git_commit
    SEMI JOIN (FROM commit_state WHERE state = 'gone') AS gone USING (repository, sha)
), near AS (  -- what was ever gone, and its twins
    SELECT repository, sha, author, author_at
    FROM git_commit SEMI JOIN telling USING (repository, author, author_at)
), standing AS (
    SELECT repository, sha, author, author_at, max_by(state, record_no) AS state
    FROM near JOIN commit_state USING (repository, sha)
    GROUP BY ALL
), replaced AS (
    FROM standing
    SEMI JOIN (FROM standing WHERE state <> 'gone') AS newer USING (repository, author, author_at)
    WHERE state = 'gone'
)
SELECT
    kind, item, named_window, step, coalesce(message, title, ''), repository, sha,
    epoch_us(author_at), author, via IS NOT NULL OR state = 'landed' OR (state = 'gone' AND has_landed),
    coalesce(via, sha), change_type
FROM mark
JOIN git_commit USING (repository, sha)
JOIN current_commit_state AS state USING (repository, sha)
ANTI JOIN replaced USING (repository, sha)
ORDER BY author_at, repository, sha, line
