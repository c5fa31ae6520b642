-- Say as whom one commits in a repository on this machine.
INSERT INTO repository_author (repository, name, email, recorded_at)
VALUES ($repository, $name, $email, make_timestamp($recorded_us)::TIMESTAMPTZ)
ON CONFLICT DO NOTHING
