-- Record captures handed over for a window.
INSERT INTO window_capture (name, account, pool, side, reading, has_own_time, recorded_at)
SELECT
    $name, unnest($account::VARCHAR[]), unnest($pool::VARCHAR[]), unnest($side::VARCHAR[]),
    unnest($reading::VARCHAR[]), unnest($has_own_time::BOOLEAN[]),
    make_timestamp($recorded_us)::TIMESTAMPTZ
