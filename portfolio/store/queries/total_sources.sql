-- Which other tools' counts of tokens are there.
-- out: source, counts, oldest_us, newest_us
SELECT source, count(*), epoch_us(min(start_at)), epoch_us(max(end_at))
FROM token_total
GROUP BY source
ORDER BY source
