-- Reverts on a default branch that name a request by its number alone.
-- out: repository, sha, reverted: #412 takes it back, !#412 gives it again after it was taken back
SELECT repository, sha, reverted
FROM commit_revert
JOIN current_commit_state USING (repository, sha)
JOIN git_commit USING (repository, sha)
WHERE (state = 'landed' OR (state = 'gone' AND has_landed)) AND contains(reverted, '#')
ORDER BY committed_at, repository, sha
