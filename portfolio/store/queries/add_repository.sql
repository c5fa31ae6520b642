-- Note a repository the first time it is seen.
INSERT INTO repository (repository, default_branch, recorded_at)
VALUES ($repository, $default_branch, make_timestamp($recorded_us)::TIMESTAMPTZ)
ON CONFLICT DO NOTHING
