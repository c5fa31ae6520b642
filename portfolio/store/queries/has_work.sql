-- Whether anything is known of work but by commits: a logged window, or what was said of an item.
-- out: a row if there is
FROM (
    SELECT true FROM window_log
    UNION ALL
    SELECT true FROM item_word
)
LIMIT 1
