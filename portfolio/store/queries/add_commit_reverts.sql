-- Add the reverts of new commits.
INSERT INTO commit_revert (repository, sha, reverted, recorded_at)
SELECT
    $repository, unnest($sha::VARCHAR[]), unnest($reverted::VARCHAR[]),
    make_timestamp($recorded_us)::TIMESTAMPTZ
ON CONFLICT DO NOTHING
