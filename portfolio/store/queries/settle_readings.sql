-- Say readings once more, under the account they belong to, or none.
-- in:  $aside the ids they have, $settled the ids with the account, $account; lists of equal length
WITH settled AS (
    SELECT
        unnest($aside::VARCHAR[]) AS aside, unnest($settled::VARCHAR[]) AS settled_id,
        unnest($account::VARCHAR[]) AS owner
)
INSERT INTO reading (
    id, account, provider, pool, unit, used, cap, read_at, resets_at, source, login, folder, origin,
    recorded_at
)
SELECT
    settled_id, owner, provider, pool, unit, used, cap, read_at, resets_at, source, login, folder,
    origin, make_timestamp($recorded_us)::TIMESTAMPTZ
FROM settled JOIN reading ON reading.id = settled.aside
ON CONFLICT DO NOTHING
