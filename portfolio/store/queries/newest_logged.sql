-- The window that was logged or corrected last.
-- out: name, recorded_us
SELECT name, epoch_us(recorded_at)
FROM window_log
ORDER BY record_no DESC
LIMIT 1
