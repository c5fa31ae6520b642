-- What was decided up to a moment; of two for one span the first, as nobody decides it twice.
-- in:  $kind, $subject, $now_us
-- out: answer, made_us, begins_us, ends_us, since_us, until_us; by the span's begin
SELECT
    answer, epoch_us(made_at), epoch_us(begins_at), epoch_us(ends_at), epoch_us(rests_since),
    epoch_us(rests_until)
FROM decision
WHERE
    kind = $kind AND subject = $subject
    AND made_at <= make_timestamp($now_us)::TIMESTAMPTZ
QUALIFY row_number() OVER (PARTITION BY begins_at ORDER BY made_at, record_no) = 1
ORDER BY begins_at NULLS FIRST
