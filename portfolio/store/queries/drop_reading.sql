-- Take a reading back; it stays in the file with the reason.
INSERT INTO reading_drop (reading, is_dropped, reason, recorded_at)
VALUES ($reading, true, $reason, make_timestamp($recorded_us)::TIMESTAMPTZ)
