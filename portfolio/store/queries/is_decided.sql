-- Whether a span has its decision.
-- in:  $kind, $subject, $begins_us of the span
-- out: a row if it has
SELECT true
FROM decision
WHERE
    kind = $kind AND subject = $subject
    AND begins_at = make_timestamp($begins_us)::TIMESTAMPTZ
LIMIT 1
