-- What the program said of the future, or assigned, as it was given, so that it can be scored.

-- A forecast, assignment, route or allocation; it is never changed.
CREATE TABLE decision (
    id VARCHAR PRIMARY KEY,         -- a digest of the rest, so twice is once
    kind VARCHAR NOT NULL,          -- forecast, assignment, race, twin, route or allocation
    subject VARCHAR NOT NULL,       -- what it is about: an item, an account; all: all accounts
    answer VARCHAR NOT NULL,        -- what was said, as JSON
    made_at TIMESTAMPTZ NOT NULL,
    begins_at TIMESTAMPTZ,          -- of the span it is for, e.g. a week; NULL: for no span
    ends_at TIMESTAMPTZ,            -- not included; from then on it can be scored
    rests_since TIMESTAMPTZ,        -- the oldest that it was made from; NULL: from no span of facts
    rests_until TIMESTAMPTZ,        -- what is younger had no part in it
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);
