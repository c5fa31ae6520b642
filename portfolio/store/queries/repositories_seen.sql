-- The repositories that were taken in: how many commits and tags of each, and when it was last done.
-- out: repository, commits, tags, oldest_us (of a commit), newest_us (of a commit), taken_us
SELECT
    repository,
    (SELECT count(*) FROM git_commit AS own WHERE own.repository = repository.repository),
    (SELECT count(*) FROM commit_tag AS own WHERE own.repository = repository.repository),
    (SELECT epoch_us(min(author_at)) FROM git_commit AS own WHERE own.repository = repository.repository),
    (SELECT epoch_us(max(author_at)) FROM git_commit AS own WHERE own.repository = repository.repository),
    (SELECT epoch_us(max(recorded_at)) FROM repository_tips AS own WHERE own.repository = repository.repository)
FROM repository
ORDER BY repository
