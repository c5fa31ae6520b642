-- Requests in some spans of time, by model, client's folder and session.
-- in:  $start_us, $end_us  lists of equal length: disjoint spans, the end not included
-- out: place (of the span in the lists, from 0), source, model, folder, session, first_us, turns
WITH spans AS (
    SELECT
        unnest(range(len($start_us::BIGINT[]))) AS place,
        make_timestamp(unnest($start_us::BIGINT[]))::TIMESTAMPTZ AS begins,
        make_timestamp(unnest($end_us::BIGINT[]))::TIMESTAMPTZ AS ends
)
SELECT place, source, model, folder, session, epoch_us(min(turn_at)), count(*)
FROM current_turn ASOF JOIN spans ON turn_at >= begins
WHERE turn_at < ends
GROUP BY place, source, model, folder, session
ORDER BY place, source, model, folder, session
