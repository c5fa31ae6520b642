-- Add what could not be read in new commits.
INSERT INTO commit_problem (repository, sha, line, slug, what, recorded_at)
SELECT
    $repository, unnest($sha::VARCHAR[]), unnest($line::INTEGER[]), unnest($slug::VARCHAR[]),
    unnest($what::VARCHAR[]), make_timestamp($recorded_us)::TIMESTAMPTZ
