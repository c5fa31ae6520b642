-- Sightings of logins in clients' folders, oldest first. Of a folder that was seen on the same login
-- again and again the first and last sighting say it all; what one session saw is given whole.
-- out: provider, folder, session (NULL: the folder as a whole), kind, login (digest), seen_us
WITH moment AS (
    SELECT
        provider, folder, session, seen_at,
        list_sort(list(DISTINCT struct_pack(kind := kind, login := login))) AS ids
    FROM login_seen
    GROUP BY provider, folder, session, seen_at
), placed AS (
    SELECT
        *,
        coalesce(session IS NULL AND ids = lag(ids) OVER line AND ids = lead(ids) OVER line, false)
            AS is_inner
    FROM moment
    WINDOW line AS (PARTITION BY provider, folder ORDER BY seen_at, session NULLS FIRST)
), named AS (
    SELECT provider, folder, session, unnest(ids) AS id, epoch_us(seen_at) AS seen_us
    FROM placed
    WHERE NOT is_inner
)
SELECT provider, folder, session, id.kind, id.login, seen_us
FROM named
ORDER BY seen_us, provider, folder, session, id.kind, id.login
