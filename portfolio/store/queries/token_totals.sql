-- What other tools counted, each count as it was said last.
-- out: source, start_us, end_us (UTC microseconds), model, tokens by kind, cost_usd; the count that
--      was said last comes first
SELECT
    source, epoch_us(start_at), epoch_us(end_at), model, input_tokens, output_tokens,
    cache_read_tokens, cache_write_tokens, cost_usd
FROM token_total
QUALIFY row_number() OVER (
    PARTITION BY source, start_at, end_at, model ORDER BY record_no DESC
) = 1
ORDER BY record_no DESC
