-- Add words for plans.
-- in:  lists of equal length; account, login and folder may hold NULL
INSERT INTO plan_seen (provider, plan_word, account, login, folder, seen_at, recorded_at)
SELECT
    unnest($provider::VARCHAR[]), unnest($plan_word::VARCHAR[]), unnest($account::VARCHAR[]),
    unnest($login::VARCHAR[]), unnest($folder::VARCHAR[]),
    make_timestamp(unnest($seen_us::BIGINT[]))::TIMESTAMPTZ,
    make_timestamp($recorded_us)::TIMESTAMPTZ
