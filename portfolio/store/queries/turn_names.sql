-- What some turns were asked of, and where they were worked.
-- in:  $record_no
-- out: model, folder, session, repository, branch; by record_no
SELECT model, folder, session, placed.repository, placed.branch
FROM current_turn AS turn JOIN placed_turn AS placed USING (record_no)
WHERE record_no IN (SELECT unnest($record_no))
ORDER BY record_no
