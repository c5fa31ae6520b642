-- Add readings that are not there yet.
-- in:  lists of equal length; times in UTC microseconds
-- out: the ids that were new
INSERT INTO reading (
    id, account, provider, pool, unit, used, cap, read_at, resets_at, source, login, folder, origin,
    recorded_at
)
SELECT
    unnest($id::VARCHAR[]), unnest($account::VARCHAR[]), unnest($provider::VARCHAR[]),
    unnest($pool::VARCHAR[]), unnest($unit::VARCHAR[]), unnest($used::DOUBLE[]),
    unnest($cap::DOUBLE[]), make_timestamp(unnest($read_us::BIGINT[]))::TIMESTAMPTZ,
    make_timestamp(unnest($resets_us::BIGINT[]))::TIMESTAMPTZ, unnest($source::VARCHAR[]),
    unnest($login::VARCHAR[]), unnest($folder::VARCHAR[]), unnest($origin::VARCHAR[]),
    make_timestamp($recorded_us)::TIMESTAMPTZ
ON CONFLICT DO NOTHING
RETURNING id
