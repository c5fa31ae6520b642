-- Every sighting of a login in a client's folder, oldest first.
-- out: provider, folder, session (NULL: the folder as a whole), kind, login (digest), seen_us
SELECT DISTINCT provider, folder, session, kind, login, epoch_us(seen_at) AS seen_us
FROM login_seen
ORDER BY seen_us, provider, folder, session, kind, login
