-- How each repository is called, and where it comes from.
-- out: repository, name, project, forge_path, is_github, is_shallow
SELECT
    repository, max_by(name, record_no), max_by(project, record_no),
    max_by(row(forge_path), record_no)[1], max_by(is_github, record_no),
    max_by(is_shallow, record_no)
FROM repository_name
GROUP BY repository
ORDER BY min(record_no)
