-- Add the `Work:` trailers of new commits.
INSERT INTO commit_trailer (repository, sha, line, item, recorded_at)
SELECT
    $repository, unnest($sha::VARCHAR[]), unnest($line::INTEGER[]), unnest($item::VARCHAR[]),
    make_timestamp($recorded_us)::TIMESTAMPTZ
ON CONFLICT DO NOTHING
