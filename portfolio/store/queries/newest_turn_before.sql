-- The moment of the newest turn of those that were taken in before a moment.
-- in:  $recorded_us
-- out: one row, UTC microseconds; NULL: there is none
SELECT epoch_us(max(turn_at)) FROM turn
WHERE recorded_at < make_timestamp($recorded_us)::TIMESTAMPTZ
