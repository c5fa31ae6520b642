-- Tokens of the requests in some spans of time, and what they would have cost, by model.
-- in:  $start_us, $end_us  lists of equal length: disjoint spans, the end not included
--      $by_session  whether to tell the clients' folders and sessions apart
-- out: place (of the span in the lists, from 0), source, model, folder, session (NULL if not told
--      apart), requests, tokens and dollars by kind, and the requests and tokens without a price
WITH spans AS (
    SELECT
        unnest(range(len($start_us::BIGINT[]))) AS place,
        make_timestamp(unnest($start_us::BIGINT[]))::TIMESTAMPTZ AS begins,
        make_timestamp(unnest($end_us::BIGINT[]))::TIMESTAMPTZ AS ends
)
SELECT
    place, source, model,
    CASE WHEN $by_session THEN folder END AS in_folder,
    CASE WHEN $by_session THEN session END AS in_session,
    count(*),
    sum(input_tokens)::BIGINT, sum(output_tokens)::BIGINT,
    sum(cache_read_tokens)::BIGINT, sum(cache_write_tokens)::BIGINT,
    coalesce(fsum(input_cost_usd), 0), coalesce(fsum(output_cost_usd), 0),
    coalesce(fsum(cache_read_cost_usd), 0), coalesce(fsum(cache_write_cost_usd), 0),
    count(*) FILTER (input_cost_usd IS NULL),
    coalesce(
        sum(input_tokens + output_tokens + cache_read_tokens + cache_write_tokens)
            FILTER (input_cost_usd IS NULL),
        0
    )::BIGINT
FROM turn_cost ASOF JOIN spans ON turn_at >= begins
WHERE turn_at < ends
GROUP BY ALL
ORDER BY place, source, model, in_folder, in_session
