-- What tokens cost at the provider's API, and totals that other people's tools counted.

-- The price of one model from a day and a size of request on; the newest record of a model rules.
CREATE TABLE model_price (
    model VARCHAR NOT NULL,         -- as the logs name it
    is_priced BOOLEAN NOT NULL,     -- false: no price is known; the numbers are NULL then
    since_at TIMESTAMPTZ,           -- NULL: always
    from_tokens BIGINT NOT NULL,    -- requests with more input tokens than this; 0: all
    input_usd DOUBLE,               -- dollars per million tokens, as the others
    output_usd DOUBLE,
    cache_read_usd DOUBLE,
    cache_write_usd DOUBLE,
    cache_write_1h_usd DOUBLE,
    price_list VARCHAR NOT NULL,    -- where it comes from, with its version
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);

-- Tokens and cost of a day or block as another tool counted them; used where no log of ours reaches.
CREATE TABLE token_total (
    source VARCHAR NOT NULL,        -- e.g. ccusage-daily
    start_at TIMESTAMPTZ NOT NULL,
    end_at TIMESTAMPTZ NOT NULL,    -- not included
    model VARCHAR NOT NULL,         -- '' where the tool does not tell models apart
    input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    cache_read_tokens BIGINT NOT NULL,
    cache_write_tokens BIGINT NOT NULL,
    cost_usd DOUBLE,                -- as that tool reckoned it
    origin VARCHAR NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);
