-- Record a version of some windows.
-- in:  lists of equal length: $name, $start_us, $end_us, $methodology, $is_guess; $recorded_us
-- out: name, record_no
INSERT INTO window_log (name, start_at, end_at, methodology, methodology_guessed, recorded_at)
SELECT
    unnest($name::VARCHAR[]),
    make_timestamp(unnest($start_us::BIGINT[]))::TIMESTAMPTZ,
    make_timestamp(unnest($end_us::BIGINT[]))::TIMESTAMPTZ,
    unnest($methodology::VARCHAR[]),
    unnest($is_guess::BOOLEAN[]),
    make_timestamp($recorded_us)::TIMESTAMPTZ
RETURNING name, record_no
