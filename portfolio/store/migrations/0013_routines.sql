-- What runs by itself: which alert was told when, where it was sent, and how it stood at each run.

-- An alert, told once.
CREATE TABLE alert (
    id VARCHAR PRIMARY KEY,         -- a digest of kind, subject and about_at, so twice is once
    kind VARCHAR NOT NULL,          -- cost, cap-pace, unused, drift, quality, renewal or price
    subject VARCHAR NOT NULL,       -- what it is about: an account, its pool, a plan; all
    about_at TIMESTAMPTZ NOT NULL,  -- what makes it another one than the last: a reset, a renewal
    text VARCHAR NOT NULL,          -- as it was told
    told_at TIMESTAMPTZ NOT NULL,   -- in the summary of a run
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);

-- An alert that an address took.
CREATE TABLE alert_sent (
    alert VARCHAR NOT NULL,         -- its id
    address VARCHAR NOT NULL,       -- its scheme and its place among those: slack-1; no secret
    sent_at TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no'),
    PRIMARY KEY (alert, address)
);

-- How it stood when `weekly` or `monthly` ran, so that the next run says what changed.
CREATE TABLE routine_run (
    id VARCHAR PRIMARY KEY,         -- a digest of the rest, so twice is once
    routine VARCHAR NOT NULL,       -- weekly or monthly
    ran_at TIMESTAMPTZ NOT NULL,
    figures VARCHAR NOT NULL,       -- as JSON
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);
