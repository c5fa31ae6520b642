-- Every account on every plan it was on, oldest first.
-- out: account, span, provider, plan, since_us, until_us (UTC microseconds or NULL), folder,
--      plan_found
SELECT
    account, span, provider, plan, epoch_us(since_at), epoch_us(until_at), folder,
    plan_found
FROM current_account_span
ORDER BY account, span
