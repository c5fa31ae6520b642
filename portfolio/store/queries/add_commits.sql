-- Add commits that are not there yet.
-- in:  lists of equal length; times in UTC microseconds
-- out: the hashes that were new
INSERT INTO git_commit (repository, sha, author, author_at, recorded_at)
SELECT
    $repository, unnest($sha::VARCHAR[]), unnest($author::VARCHAR[]),
    make_timestamp(unnest($author_us::BIGINT[]))::TIMESTAMPTZ,
    make_timestamp($recorded_us)::TIMESTAMPTZ
ON CONFLICT DO NOTHING
RETURNING sha
