-- Who asked what, and in which turns of a span.
-- in:  $since_us, $until_us (not included)
-- out: model, folder, session, record_no: of each of its turns
SELECT model, folder, session, list(record_no) AS record_no
FROM current_turn
WHERE turn_at >= make_timestamp($since_us)::TIMESTAMPTZ
    AND turn_at < make_timestamp($until_us)::TIMESTAMPTZ
GROUP BY model, folder, session
