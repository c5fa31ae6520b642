-- Note where the branches stood when a repository was taken in.
INSERT INTO repository_tips (repository, tips, recorded_at)
VALUES ($repository, $tips, make_timestamp($recorded_us)::TIMESTAMPTZ)
