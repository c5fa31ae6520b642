-- Record one version of a window.
INSERT INTO window_log (name, start_at, end_at, methodology, recorded_at)
VALUES (
    $name, make_timestamp($start_us)::TIMESTAMPTZ, make_timestamp($end_us)::TIMESTAMPTZ,
    $methodology, make_timestamp($recorded_us)::TIMESTAMPTZ
)
