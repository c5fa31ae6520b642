-- Add the tags of new commits.
INSERT INTO commit_tag (repository, sha, line, kind, item, named_window, step, message, recorded_at)
SELECT
    $repository, unnest($sha::VARCHAR[]), unnest($line::INTEGER[]), unnest($kind::VARCHAR[]),
    unnest($item::VARCHAR[]), unnest($named_window::VARCHAR[]), unnest($step::VARCHAR[]),
    unnest($message::VARCHAR[]), make_timestamp($recorded_us)::TIMESTAMPTZ
ON CONFLICT DO NOTHING
