-- Captures handed over for a side of a window.
-- out: name, account, pool, side, reading, has_own_time
SELECT name, account, pool, side, reading, has_own_time
FROM current_window_capture
ORDER BY name, account, pool, side
