-- Record the methodologies of a version of some windows.
-- in:  lists of equal length: $name, $version, $methodology, $features (ids of one part, each list)
INSERT INTO window_part (name, methodology, features, version, recorded_at)
SELECT
    unnest($name::VARCHAR[]), unnest($methodology::VARCHAR[]), unnest($features::VARCHAR[][]),
    unnest($version::BIGINT[]), make_timestamp($recorded_us)::TIMESTAMPTZ
