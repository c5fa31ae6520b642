-- Every known commit of a repository and what became of it.
-- in:  $repository
-- out: sha, state
SELECT sha, state FROM current_commit_state WHERE repository = $repository
