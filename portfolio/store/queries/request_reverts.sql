-- Reverts on a default branch that name a request by its number or title alone, oldest first.
-- out: repository, sha, reverted (#412 or #"TITLE takes it back, !#412 gives it again after it was
--      taken back), committed_us
SELECT repository, sha, reverted, epoch_us(committed_at)
FROM commit_revert
JOIN current_commit_state USING (repository, sha)
JOIN git_commit USING (repository, sha)
WHERE (state = 'landed' OR (state = 'gone' AND has_landed)) AND contains(reverted, '#')
ORDER BY committed_at, repository, sha
