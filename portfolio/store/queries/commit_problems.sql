-- What could not be read in commits that still stand.
-- out: repository, sha, line, slug, what
SELECT problem.repository, problem.sha, line, slug, what
FROM commit_problem AS problem
JOIN current_commit_state AS state USING (repository, sha)
WHERE state.state <> 'gone'
GROUP BY problem.repository, problem.sha, line, slug, what
ORDER BY min(problem.record_no)
