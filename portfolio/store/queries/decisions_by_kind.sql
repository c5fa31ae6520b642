-- All decisions of a kind up to a moment, in the order they were made.
-- in: kind, now_us
-- out: subject, answer, made_us, begins_us, ends_us, since_us, until_us
SELECT
    subject, answer, epoch_us(made_at), epoch_us(begins_at), epoch_us(ends_at),
    epoch_us(rests_since), epoch_us(rests_until)
FROM decision
WHERE kind = $kind AND made_at <= make_timestamp($now_us)::TIMESTAMPTZ
ORDER BY made_at, record_no
