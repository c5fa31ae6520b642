-- What was said of items, oldest first.
-- out: item, word, reason, said_us
SELECT item, word, reason, epoch_us(said_at)
FROM item_word
ORDER BY said_at, record_no
