-- What is known of one repository.
-- in:  $repository
-- out: default_branch at registration, tips when last taken in (NULL: never)
SELECT
    (SELECT default_branch FROM repository WHERE repository = $repository),
    (SELECT max_by(tips, record_no) FROM repository_tips WHERE repository = $repository)
