-- What tells whose each request is.
-- in:  $recorded_us  only those that were taken in then; NULL: all
-- out: model, folder, session, turn_us
SELECT model, folder, session, epoch_us(turn_at)
FROM current_turn
WHERE $recorded_us IS NULL OR recorded_at = make_timestamp($recorded_us::BIGINT)::TIMESTAMPTZ
