-- Number the versions of prices in the order they were said: two stores count each on its own.
UPDATE model_price SET version = placed.place
FROM (
    SELECT record_no, dense_rank() OVER (ORDER BY begins) AS place
    FROM (
        SELECT record_no, min(record_no) OVER (PARTITION BY recorded_at, version) AS begins
        FROM model_price
    )
) AS placed
WHERE placed.record_no = model_price.record_no AND version <> place
