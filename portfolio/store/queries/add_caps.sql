-- Add cap facts that are not there yet.
-- in:  lists of equal length; times in UTC microseconds
INSERT INTO cap_seen (account, provider, pool, unit, cap, read_at, source, origin, recorded_at)
SELECT DISTINCT * FROM (
    SELECT
        unnest($account::VARCHAR[]) AS account, unnest($provider::VARCHAR[]) AS provider,
        unnest($pool::VARCHAR[]) AS pool, unnest($unit::VARCHAR[]) AS unit,
        unnest($cap::DOUBLE[]) AS cap,
        make_timestamp(unnest($read_us::BIGINT[]))::TIMESTAMPTZ AS read_at,
        unnest($source::VARCHAR[]) AS source, $origin, make_timestamp($recorded_us)::TIMESTAMPTZ
) AS offered
WHERE NOT EXISTS (
    FROM cap_seen AS known
    WHERE known.account IS NOT DISTINCT FROM offered.account AND known.pool = offered.pool
        AND known.unit = offered.unit AND known.cap = offered.cap AND known.read_at = offered.read_at
)
