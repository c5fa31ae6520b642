-- Add commits; of those that were read by an older program, add what it did not read.
-- in:  lists of equal length; times in UTC microseconds
INSERT INTO git_commit (
    repository, sha, author, author_at, title, committed_at, is_merge, is_squash, request, merged_branch,
    change_type, recorded_at
)
SELECT
    $repository, unnest($sha::VARCHAR[]), unnest($author::VARCHAR[]),
    make_timestamp(unnest($author_us::BIGINT[]))::TIMESTAMPTZ, unnest($title::VARCHAR[]),
    make_timestamp(unnest($committed_us::BIGINT[]))::TIMESTAMPTZ, unnest($is_merge::BOOLEAN[]),
    unnest($is_squash::BOOLEAN[]),
    unnest($request::VARCHAR[]), unnest($merged_branch::VARCHAR[]),
    unnest($change_type::VARCHAR[]), make_timestamp($recorded_us)::TIMESTAMPTZ
ON CONFLICT (repository, sha) DO UPDATE SET
    title = excluded.title, committed_at = excluded.committed_at, is_merge = excluded.is_merge, is_squash = excluded.is_squash,
    request = excluded.request, merged_branch = excluded.merged_branch,
    change_type = excluded.change_type
WHERE git_commit.title IS NULL
