-- Say of some logins whether they are an account's.
-- in:  lists of equal length
INSERT INTO account_login (account, provider, kind, login, is_its, recorded_at)
SELECT
    unnest($account::VARCHAR[]), unnest($provider::VARCHAR[]), unnest($kind::VARCHAR[]),
    unnest($login::VARCHAR[]), unnest($is_its::BOOLEAN[]),
    make_timestamp($recorded_us)::TIMESTAMPTZ
