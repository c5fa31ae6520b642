-- What was told last of each issue.
-- out: forge_path, number, words, checkboxes, files, labels, seen_us, is_open
SELECT forge_path, number, words, checkboxes, files, labels, epoch_us(seen_at), is_open
FROM issue
QUALIFY row_number() OVER (PARTITION BY forge_path, number ORDER BY record_no DESC) = 1
ORDER BY forge_path, number
