-- When something was said of each account last.
-- out: account, recorded_us
SELECT account, epoch_us(max(recorded_at)) FROM account_span GROUP BY account
