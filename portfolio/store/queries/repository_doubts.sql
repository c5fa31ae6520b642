-- What can no longer be verified: repositories whose history is cut off, and how many commits had
-- landed that no branch holds any more and no other commit speaks for.
-- out: repository, is_shallow, rewritten
WITH telling AS (
    SELECT repository, author, author_at
    FROM git_commit
    SEMI JOIN (FROM commit_state WHERE state = 'gone') AS gone USING (repository, sha)
), near AS (  -- what was ever gone, and its twins
    SELECT repository, sha, author, author_at
    FROM git_commit SEMI JOIN telling USING (repository, author, author_at)
), known AS (
    SELECT
        repository, sha, author, author_at, max_by(state, commit_state.record_no) AS state,
        bool_or(state = 'landed') AS has_landed
    FROM near JOIN commit_state USING (repository, sha)
    GROUP BY ALL
), lost AS (
    SELECT repository, count(*) AS rewritten
    FROM known
    ANTI JOIN (FROM known WHERE state <> 'gone') AS newer USING (repository, author, author_at)
    WHERE state = 'gone' AND has_landed
    GROUP BY repository
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
