-- Record what became of commits.
INSERT INTO commit_state (repository, sha, state, recorded_at)
SELECT
    $repository, unnest($sha::VARCHAR[]), unnest($state::VARCHAR[]),
    make_timestamp($recorded_us)::TIMESTAMPTZ
