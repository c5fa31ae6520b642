-- Let readings stand again that were taken back.
-- in:  $id  ids; those that stand are left alone
INSERT INTO reading_drop (reading, is_dropped, reason, recorded_at)
SELECT id, false, $reason, make_timestamp($recorded_us)::TIMESTAMPTZ
FROM reading
WHERE id IN (SELECT unnest($id::VARCHAR[])) AND id NOT IN (SELECT id FROM current_reading)
