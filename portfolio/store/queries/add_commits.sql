-- Add commits; of those that were read by an older program, add what it did not read.
-- in:  $repository, $recorded_us; $rows, each the fields of a commit with NUL between them, "" for
--      NULL; times in UTC microseconds
INSERT INTO git_commit (
    repository, sha, author, author_at, title, committed_at, is_merge, is_squash, request,
    merged_branch, change_type, recorded_at
)
SELECT
    $repository, field[1], field[2], make_timestamp(field[3]::BIGINT)::TIMESTAMPTZ, field[4],
    make_timestamp(field[5]::BIGINT)::TIMESTAMPTZ, field[6] = '1', field[7] = '1',
    nullif(field[8], ''), nullif(field[9], ''), nullif(field[10], ''),
    make_timestamp($recorded_us)::TIMESTAMPTZ
FROM (SELECT string_split(unnest($rows::VARCHAR[]), chr(0)) AS field)
ON CONFLICT (repository, sha) DO UPDATE SET
    title = excluded.title, committed_at = excluded.committed_at, is_merge = excluded.is_merge,
    is_squash = excluded.is_squash, request = excluded.request,
    merged_branch = excluded.merged_branch, change_type = excluded.change_type
WHERE git_commit.title IS NULL
