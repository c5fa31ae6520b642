-- All alerts that were ever told, oldest first.
-- out: id, kind, subject, about_us, text, told_us
SELECT id, kind, subject, epoch_us(about_at), text, epoch_us(told_at)
FROM alert
ORDER BY told_at, record_no
