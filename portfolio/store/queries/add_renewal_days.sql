-- Say on which day of the month some accounts are paid again.
-- in:  lists of equal length
INSERT INTO account_renewal (account, day, recorded_at)
SELECT
    unnest($account::VARCHAR[]), unnest($day::INTEGER[]),
    make_timestamp($recorded_us)::TIMESTAMPTZ
