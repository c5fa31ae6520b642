-- Record what became of commits.
-- in:  $repository, $recorded_us; $rows, each hash, state and via with NUL between them
INSERT INTO commit_state (repository, sha, state, via, recorded_at)
SELECT
    $repository, field[1], field[2], nullif(field[3], ''),
    make_timestamp($recorded_us)::TIMESTAMPTZ
FROM (SELECT string_split(unnest($rows::VARCHAR[]), chr(0)) AS field)
