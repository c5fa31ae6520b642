-- What can no longer be verified: repositories whose history is cut off, and how many commits had
-- landed that no branch holds any more and no other commit speaks for.
-- out: repository, is_shallow, rewritten
WITH lost AS (
    SELECT gone.repository, count(*) AS rewritten
    FROM git_commit AS gone
    JOIN current_commit_state AS state
        ON state.repository = gone.repository AND state.sha = gone.sha
    WHERE state.state = 'gone' AND has_landed AND NOT EXISTS (
        FROM git_commit AS newer
        JOIN current_commit_state AS other
            ON other.repository = newer.repository AND other.sha = newer.sha
        WHERE newer.repository = gone.repository AND newer.author = gone.author
            AND newer.author_at = gone.author_at AND other.state <> 'gone'
    )
    GROUP BY gone.repository
), cut AS (
    SELECT repository, max_by(is_shallow, record_no) AS is_shallow
    FROM repository_name
    GROUP BY repository
)
SELECT repository.repository, coalesce(is_shallow, false), coalesce(rewritten, 0)
FROM repository
LEFT JOIN lost USING (repository)
LEFT JOIN cut USING (repository)
WHERE is_shallow OR rewritten > 0
ORDER BY repository.repository
