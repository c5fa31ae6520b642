-- Every tag in every commit that stands, oldest first. A commit that is gone counts (its branch
-- was deleted after a squash) unless the same author wrote another one at the same moment: then it
-- was amended or rebased, and the newer one speaks for it.
-- out: kind, item, named_window, step, message, repository, sha, author_us, is_landed
WITH standing AS (
    SELECT git_commit.repository, sha, author, author_at, state.state
    FROM git_commit JOIN current_commit_state AS state USING (repository, sha)
), kept AS (
    SELECT * FROM standing
    WHERE state <> 'gone' OR NOT EXISTS (
        FROM standing AS newer
        WHERE newer.repository = standing.repository AND newer.state <> 'gone'
            AND newer.author = standing.author AND newer.author_at = standing.author_at
    )
)
SELECT
    kind, item, named_window, step, message, tag.repository, sha, epoch_us(author_at),
    state = 'landed'
FROM commit_tag AS tag JOIN kept USING (repository, sha)
ORDER BY author_at, repository, sha, line
