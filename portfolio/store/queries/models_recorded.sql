-- Every model of which a price, or its lack, is recorded.
-- out: model, is_priced, price_list (of its newest price)
SELECT model, bool_or(is_priced), arg_max(price_list, record_no)
FROM current_model_price
GROUP BY model
ORDER BY model
