-- Every turn in a span in numbers, in no order.
-- in:  $since_us, $until_us (not included)
-- out: at_us, record_no, tokens and dollars: input, output, read from a cache, written to one;
--      dollars NULL where no price is known
SELECT
    epoch_us(turn_at) AS at_us, record_no,
    input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
    input_cost_usd, output_cost_usd, cache_read_cost_usd, cache_write_cost_usd
FROM turn_cost
WHERE turn_at >= make_timestamp($since_us)::TIMESTAMPTZ
    AND turn_at < make_timestamp($until_us)::TIMESTAMPTZ
