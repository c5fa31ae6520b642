-- The default branch of each repository, as it was when it was first seen.
-- out: repository (its main checkout), branch
SELECT coalesce(place.repository, repository.repository), default_branch
FROM repository LEFT JOIN current_work_place AS place ON place.cwd = repository.repository
WHERE default_branch IS NOT NULL
