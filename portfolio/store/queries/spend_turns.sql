-- Every turn in a span with where it was worked, what it used and what that would have cost.
-- in:  $since_us, $until_us (not included)
-- out: at_us, model, folder, session, repository, branch, tokens and dollars: input, output, read
--      from a cache, written to one (dollars NULL where no price is known); root of the checkout
SELECT
    epoch_us(turn_at), model, folder, session, placed.repository, placed.branch,
    input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
    input_cost_usd, output_cost_usd, cache_read_cost_usd, cache_write_cost_usd,
    placed.worktree
FROM turn_cost AS turn JOIN placed_turn AS placed USING (record_no)
WHERE turn_at >= make_timestamp($since_us)::TIMESTAMPTZ
    AND turn_at < make_timestamp($until_us)::TIMESTAMPTZ
ORDER BY turn_at, record_no
