-- Logged windows, oldest first.
-- out: name, start_us, end_us, methodology, is_guess
SELECT name, epoch_us(start_at), epoch_us(end_at), methodology, coalesce(methodology_guessed, false)
FROM current_window
ORDER BY start_at, name
