-- How large items were thought to be, in the order it was said.
-- out: item, size, basis, predicted_usd, sized_us
SELECT item, size, basis, predicted_usd, epoch_us(sized_at)
FROM item_size
ORDER BY record_no
