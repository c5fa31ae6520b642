-- Every known commit of a repository and what became of it.
-- in:  $repository
-- out: sha, state, via, is_read (false: by an older program, which read less of it)
SELECT sha, state, via, title IS NOT NULL
FROM current_commit_state JOIN git_commit USING (repository, sha)
WHERE repository = $repository
