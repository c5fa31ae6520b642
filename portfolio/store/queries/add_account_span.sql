-- Record one version of an account's span.
INSERT INTO account_span (
    account, span, provider, plan, since_at, until_at, folder, plan_found, recorded_at
)
VALUES (
    $account, $span, $provider, $plan, make_timestamp($since_us)::TIMESTAMPTZ,
    make_timestamp($until_us)::TIMESTAMPTZ, $folder, $plan_found,
    make_timestamp($recorded_us)::TIMESTAMPTZ
)
