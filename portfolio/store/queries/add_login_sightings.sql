-- Add sightings of logins.
-- in:  lists of equal length; session may hold NULL
INSERT INTO login_seen (provider, folder, session, kind, login, seen_at, recorded_at)
SELECT
    unnest($provider::VARCHAR[]), unnest($folder::VARCHAR[]), unnest($session::VARCHAR[]),
    unnest($kind::VARCHAR[]), unnest($login::VARCHAR[]),
    make_timestamp(unnest($seen_us::BIGINT[]))::TIMESTAMPTZ,
    make_timestamp($recorded_us)::TIMESTAMPTZ
