-- Reverts on a default branch that name a request by its number or title alone, oldest first.
-- out: repository, sha, reverted (#412 or #"TITLE takes it back, !#412 gives it again after it was
--      taken back), committed_us
WITH said AS (
    SELECT repository, sha, reverted FROM commit_revert WHERE contains(reverted, '#')
), state AS (
    SELECT repository, sha, max_by(state, record_no) AS state, bool_or(state = 'landed') AS has_landed
    FROM commit_state SEMI JOIN said USING (repository, sha)
    GROUP BY repository, sha
)
SELECT repository, sha, reverted, epoch_us(committed_at)
FROM said
JOIN state USING (repository, sha)
JOIN git_commit USING (repository, sha)
WHERE state = 'landed' OR (state = 'gone' AND has_landed)
ORDER BY committed_at, repository, sha
