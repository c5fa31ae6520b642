-- What each request would have cost at the provider's API.

-- Rows of one version were said together; the newest version of a model rules.
ALTER TABLE model_price ADD COLUMN version BIGINT DEFAULT 0;

-- The prices that rule, each with the span of time and the sizes of request it holds for. One price
-- at most holds for a request, or it would be counted twice.
CREATE VIEW current_model_price AS
WITH newest AS (
    SELECT * FROM model_price
    QUALIFY version = max(version) OVER (PARTITION BY model)
), each_once AS (
    SELECT * FROM newest
    QUALIFY row_number() OVER (
        PARTITION BY model, since_at, from_tokens ORDER BY record_no DESC
    ) = 1
)
SELECT
    * EXCLUDE (version),
    first_value(since_at) OVER (
        PARTITION BY model ORDER BY since_at NULLS FIRST GROUPS BETWEEN 1 FOLLOWING AND 1 FOLLOWING
    ) AS until_at,                  -- not included; NULL: still
    lead(from_tokens) OVER (
        PARTITION BY model, since_at ORDER BY from_tokens
    ) AS to_tokens                  -- included; NULL: any more
FROM each_once;

-- Each request with what every kind of its tokens would have cost; NULL where no price is known.
-- What the list has no price of its own for costs what plain input does; the size of a request is all
-- that was put in, from a cache or not. No model takes 2,000,000 tokens at once: a line of more adds
-- up several requests, of which none is known to be large.
CREATE VIEW turn_cost AS
WITH sized AS (
    SELECT *, input_tokens + cache_read_tokens + cache_write_tokens AS all_input FROM current_turn
)
SELECT
    turn.* EXCLUDE (all_input),
    turn.input_tokens * price.input_usd / 1e6 AS input_cost_usd,
    turn.output_tokens * price.output_usd / 1e6 AS output_cost_usd,
    turn.cache_read_tokens * coalesce(price.cache_read_usd, price.input_usd) / 1e6
        AS cache_read_cost_usd,
    (
        (turn.cache_write_tokens - turn.cache_write_1h_tokens)
            * coalesce(price.cache_write_usd, price.input_usd)
        + turn.cache_write_1h_tokens
            * coalesce(price.cache_write_1h_usd, price.cache_write_usd, price.input_usd)
    ) / 1e6 AS cache_write_cost_usd
FROM sized AS turn
LEFT JOIN current_model_price AS price
    ON turn.model = price.model
    AND price.is_priced
    AND (price.since_at IS NULL OR turn.turn_at >= price.since_at)
    AND (price.until_at IS NULL OR turn.turn_at < price.until_at)
    AND (
        price.from_tokens = 0
        OR turn.all_input > price.from_tokens AND turn.all_input <= 2_000_000
    )
    AND (
        price.to_tokens IS NULL
        OR turn.all_input <= price.to_tokens
        OR price.from_tokens = 0 AND turn.all_input > 2_000_000
    );

-- Each request once, with all that it would have cost; NULL where no price is known.
CREATE VIEW priced_turn AS
SELECT
    * EXCLUDE (input_cost_usd, output_cost_usd, cache_read_cost_usd, cache_write_cost_usd),
    input_cost_usd + output_cost_usd + cache_read_cost_usd + cache_write_cost_usd AS cost_usd
FROM turn_cost;
