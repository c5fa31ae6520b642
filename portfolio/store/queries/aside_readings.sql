-- Readings whose account is not known yet.
-- out: id, provider, read_us
SELECT id, provider, epoch_us(read_at) FROM current_reading WHERE account IS NULL ORDER BY read_at, id
