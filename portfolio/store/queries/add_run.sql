-- Keep how it stood at a run; the same twice is once.
INSERT INTO routine_run (id, routine, ran_at, figures, recorded_at)
VALUES (
    $id, $routine, make_timestamp($now_us)::TIMESTAMPTZ, $figures,
    make_timestamp($now_us)::TIMESTAMPTZ
)
ON CONFLICT DO NOTHING
