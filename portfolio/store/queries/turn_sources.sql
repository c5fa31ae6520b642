-- How many requests each client's logs have given, by model.
-- out: source, model, turns, oldest_us, newest_us
SELECT source, model, count(*), epoch_us(min(turn_at)), epoch_us(max(turn_at))
FROM current_turn
GROUP BY source, model
ORDER BY source, model
