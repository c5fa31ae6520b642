-- Everybody who wrote commits of each repository.
-- out: repository, authors
SELECT repository, list(DISTINCT author) FROM git_commit GROUP BY repository
