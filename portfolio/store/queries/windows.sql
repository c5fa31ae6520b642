-- Logged windows, oldest first.
-- out: name, start_us, end_us, methodology
SELECT name, epoch_us(start_at), epoch_us(end_at), methodology
FROM current_window
ORDER BY start_at, name
