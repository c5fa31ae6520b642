-- Keep what was decided; the same twice is once.
INSERT INTO decision (
    id, kind, subject, answer, made_at, begins_at, ends_at, rests_since, rests_until, recorded_at
)
VALUES (
    $id, $kind, $subject, $answer, make_timestamp($made_us)::TIMESTAMPTZ,
    make_timestamp($begins_us)::TIMESTAMPTZ, make_timestamp($ends_us)::TIMESTAMPTZ,
    make_timestamp($since_us)::TIMESTAMPTZ, make_timestamp($until_us)::TIMESTAMPTZ,
    make_timestamp($recorded_us)::TIMESTAMPTZ
)
ON CONFLICT DO NOTHING
