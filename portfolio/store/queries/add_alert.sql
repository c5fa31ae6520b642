-- Keep that an alert was told; the same twice is once.
INSERT INTO alert (id, kind, subject, about_at, text, told_at, recorded_at)
VALUES (
    $id, $kind, $subject, make_timestamp($about_us)::TIMESTAMPTZ, $text,
    make_timestamp($now_us)::TIMESTAMPTZ, make_timestamp($now_us)::TIMESTAMPTZ
)
ON CONFLICT DO NOTHING
