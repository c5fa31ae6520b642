-- Let readings stand again that were taken back only because they seemed to be another account's.
-- in:  $id  ids
INSERT INTO reading_drop (reading, is_dropped, reason, recorded_at)
SELECT reading, false, 'it belongs here after all', make_timestamp($recorded_us)::TIMESTAMPTZ
FROM reading_drop
WHERE reading IN (SELECT unnest($id::VARCHAR[]))
GROUP BY reading
HAVING max_by(is_dropped, record_no) AND max_by(reason, record_no) LIKE 'it belongs to %'
