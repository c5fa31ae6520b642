-- Every word for a plan that was seen, oldest first.
-- out: provider, plan_word, account, login, folder (each NULL where not named), seen_us
SELECT DISTINCT provider, plan_word, account, login, folder, epoch_us(seen_at) AS seen_us
FROM plan_seen
ORDER BY seen_us, provider, plan_word, account, login, folder
