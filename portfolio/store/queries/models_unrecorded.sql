-- Models that requests name and of which no price, nor its lack, is recorded.
-- out: model
SELECT DISTINCT model FROM current_turn ANTI JOIN model_price USING (model) ORDER BY model
