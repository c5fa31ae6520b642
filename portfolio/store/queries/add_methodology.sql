-- Record one version of a methodology.
INSERT INTO methodology (methodology, steps, models, accounts, recorded_at)
VALUES (
    $methodology, $steps::VARCHAR[], $models::VARCHAR[], $accounts::VARCHAR[],
    make_timestamp($recorded_us)::TIMESTAMPTZ
)
