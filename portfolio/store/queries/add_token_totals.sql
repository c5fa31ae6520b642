-- Add what another tool counted, but for counts that stand already as they are.
-- in:  lists of equal length; times in UTC microseconds
-- out: the models of the rows that were new
INSERT INTO token_total (
    source, start_at, end_at, model, input_tokens, output_tokens, cache_read_tokens,
    cache_write_tokens, cost_usd, origin, recorded_at
)
WITH offered AS (
    SELECT
        unnest($source::VARCHAR[]) AS source,
        make_timestamp(unnest($start_us::BIGINT[]))::TIMESTAMPTZ AS start_at,
        make_timestamp(unnest($end_us::BIGINT[]))::TIMESTAMPTZ AS end_at,
        unnest($model::VARCHAR[]) AS model, unnest($input_tokens::BIGINT[]) AS input_tokens,
        unnest($output_tokens::BIGINT[]) AS output_tokens,
        unnest($cache_read_tokens::BIGINT[]) AS cache_read_tokens,
        unnest($cache_write_tokens::BIGINT[]) AS cache_write_tokens,
        unnest($cost_usd::DOUBLE[]) AS cost_usd
), standing AS (
    SELECT *
    FROM token_total
    QUALIFY row_number() OVER (
        PARTITION BY source, start_at, end_at, model ORDER BY record_no DESC
    ) = 1
)
SELECT DISTINCT *, $origin, make_timestamp($recorded_us)::TIMESTAMPTZ
FROM offered
WHERE NOT EXISTS (
    FROM standing
    WHERE standing.source = offered.source AND standing.start_at = offered.start_at
        AND standing.end_at = offered.end_at AND standing.model = offered.model
        AND standing.input_tokens = offered.input_tokens
        AND standing.output_tokens = offered.output_tokens
        AND standing.cache_read_tokens = offered.cache_read_tokens
        AND standing.cache_write_tokens = offered.cache_write_tokens
        AND standing.cost_usd IS NOT DISTINCT FROM offered.cost_usd
)
RETURNING model
