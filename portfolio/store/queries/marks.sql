-- Every tag and trailer in every commit that stands, oldest first. A commit that is gone counts (its
-- branch was deleted after a squash) unless the same author wrote another one at the same moment:
-- then it was amended or rebased, and the newer one speaks for it. What had landed and is gone was
-- rewritten away: it counts as it was seen.
-- out: kind (NULL: a trailer tells none), item, named_window, step (NULL), message, repository, sha,
--      author_us, author, is_landed, via (the commit that brought it onto the default branch), change_type (of
--      its title)
WITH standing AS (
    SELECT git_commit.repository, sha, author, author_at, title, change_type, state.state, via, has_landed
    FROM git_commit JOIN current_commit_state AS state USING (repository, sha)
), kept AS (
    SELECT * FROM standing
    WHERE state <> 'gone' OR NOT EXISTS (
        FROM standing AS newer
        WHERE newer.repository = standing.repository AND newer.state <> 'gone'
            AND newer.author = standing.author AND newer.author_at = standing.author_at
    )
), mark AS (
    SELECT repository, sha, line, kind, item, named_window, step, message FROM commit_tag
    UNION ALL
    SELECT repository, sha, line, NULL, item, NULL, NULL, NULL FROM commit_trailer
)
SELECT
    kind, item, named_window, step, coalesce(message, title, ''), repository, sha,
    epoch_us(author_at), author, via IS NOT NULL OR state = 'landed' OR (state = 'gone' AND has_landed),
    coalesce(via, sha), change_type
FROM mark JOIN kept USING (repository, sha)
ORDER BY author_at, repository, sha, line
