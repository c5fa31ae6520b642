-- Keep that an address took an alert; the same twice is once.
INSERT INTO alert_sent (alert, address, sent_at, recorded_at)
VALUES (
    $alert, $address, make_timestamp($now_us)::TIMESTAMPTZ, make_timestamp($now_us)::TIMESTAMPTZ
)
ON CONFLICT DO NOTHING
