-- Which logins are which account.
-- out: account, provider, kind, login (digest)
SELECT account, provider, kind, login
FROM account_login
GROUP BY account, provider, kind, login
HAVING max_by(is_its, record_no)
ORDER BY ALL
