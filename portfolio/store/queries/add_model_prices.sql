-- Record prices of models; what is recorded in one go is one version of each.
-- in:  lists of equal length; $since_us  UTC microseconds, NULL: always; $recorded_us
INSERT INTO model_price (
    model, is_priced, since_at, from_tokens, input_usd, output_usd, cache_read_usd,
    cache_write_usd, cache_write_1h_usd, price_list, recorded_at, version
)
SELECT
    unnest($model::VARCHAR[]), unnest($is_priced::BOOLEAN[]),
    make_timestamp(unnest($since_us::BIGINT[]))::TIMESTAMPTZ,
    unnest($from_tokens::BIGINT[]), unnest($input_usd::DOUBLE[]), unnest($output_usd::DOUBLE[]),
    unnest($cache_read_usd::DOUBLE[]), unnest($cache_write_usd::DOUBLE[]),
    unnest($cache_write_1h_usd::DOUBLE[]), unnest($price_list::VARCHAR[]),
    make_timestamp($recorded_us)::TIMESTAMPTZ,
    (SELECT 1 + coalesce(max(version), 0) FROM model_price)
