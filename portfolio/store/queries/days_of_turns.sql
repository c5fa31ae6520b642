-- The days, in UTC, on which clients' logs name a request.
-- out: days since 1970-01-01
SELECT DISTINCT (epoch_us(turn_at) // 86400000000)::INTEGER AS day FROM current_turn ORDER BY day
