-- The main checkout of every repository that was taken in.
-- out: repository, main checkout
SELECT repository.repository, coalesce(place.repository, repository.repository)
FROM repository LEFT JOIN current_work_place AS place ON place.cwd = repository.repository
