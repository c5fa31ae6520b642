-- Record what became of commits.
INSERT INTO commit_state (repository, sha, state, via, recorded_at)
SELECT
    $repository, unnest($sha::VARCHAR[]), unnest($state::VARCHAR[]), unnest($via::VARCHAR[]),
    make_timestamp($recorded_us)::TIMESTAMPTZ
