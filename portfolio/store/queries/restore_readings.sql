-- Let readings stand again that were taken back.
-- in:  $id  ids; those that stand are left alone
INSERT INTO reading_drop (reading, is_dropped, reason, recorded_at)
SELECT reading, false, $reason, make_timestamp($recorded_us)::TIMESTAMPTZ
FROM dropped_reading
WHERE reading IN (SELECT unnest($id::VARCHAR[]))
