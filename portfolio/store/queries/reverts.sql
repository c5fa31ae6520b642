-- Reverts that are on a default branch.
-- out: repository, sha, reverted
SELECT commit_revert.repository, sha, reverted
FROM commit_revert JOIN current_commit_state AS state USING (repository, sha)
WHERE state.state = 'landed'
ORDER BY commit_revert.record_no
