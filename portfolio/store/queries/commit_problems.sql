-- What could not be read in commits that still stand.
-- out: repository, sha, line, slug, what
WITH known AS (  -- first, as what became of all others need not be worked out
    SELECT repository, sha, max_by(state, record_no) AS state
    FROM commit_state SEMI JOIN commit_problem USING (repository, sha)
    GROUP BY repository, sha
)
SELECT repository, sha, line, slug, what
FROM commit_problem AS problem JOIN known USING (repository, sha)
WHERE state <> 'gone'
GROUP BY repository, sha, line, slug, what
ORDER BY min(problem.record_no)
