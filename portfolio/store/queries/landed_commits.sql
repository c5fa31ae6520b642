-- Who wrote some commits, and when, where they are on a default branch.
-- in:  $sha  a list
-- out: repository, sha, author, committed_us, author_us
SELECT repository, sha, author, epoch_us(committed_at), epoch_us(author_at)
FROM git_commit JOIN current_commit_state USING (repository, sha)
WHERE list_contains($sha::VARCHAR[], sha) AND title IS NOT NULL
    AND (state = 'landed' OR (state = 'gone' AND has_landed))
ORDER BY repository, sha
