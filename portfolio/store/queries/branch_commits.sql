-- The commits whose branch is known, with the items that their marks name; one that was amended or
-- rebased away does not count beside the one that speaks for it.
-- out: repository (its main checkout), branch, author_us, items
WITH made AS (
    SELECT
        branch.repository, branch.branch, git_commit.repository AS taken_in, sha, author,
        author_at, state.state
    FROM current_commit_branch AS branch
    JOIN git_commit USING (sha)
    LEFT JOIN current_work_place AS place ON place.cwd = git_commit.repository
    JOIN current_commit_state AS state
        ON state.repository = git_commit.repository AND state.sha = git_commit.sha
    WHERE coalesce(place.repository, git_commit.repository) = branch.repository
), mark AS (
    SELECT repository, sha, item FROM commit_tag
    UNION ALL
    SELECT repository, sha, item FROM commit_trailer
), kept AS (
    FROM made
    WHERE state <> 'gone' OR NOT EXISTS (
        FROM made AS newer
        WHERE newer.repository = made.repository AND newer.state <> 'gone'
            AND newer.author = made.author AND newer.author_at = made.author_at
    )
)
SELECT
    kept.repository, branch, epoch_us(author_at),
    coalesce(list(DISTINCT item) FILTER (item IS NOT NULL), [])
FROM kept LEFT JOIN mark ON mark.repository = taken_in AND mark.sha = kept.sha
GROUP BY kept.repository, branch, author_at, kept.sha
ORDER BY kept.repository, branch, author_at
