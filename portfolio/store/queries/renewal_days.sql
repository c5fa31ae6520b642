-- The day of the month on which each account is paid again, where it is known.
-- out: account, day
SELECT account, max_by(day, record_no) FROM account_renewal GROUP BY account ORDER BY account
