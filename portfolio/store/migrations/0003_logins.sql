-- Which login a reading or a log belongs to, where the source names it.

ALTER TABLE reading ADD COLUMN login VARCHAR;   -- digest of the provider's id of the login; NULL: not named
ALTER TABLE reading ADD COLUMN folder VARCHAR;  -- the client's folder it was found in; NULL: none

DROP VIEW current_reading;
-- The readings that stand: neither taken back nor inside a run of equal ones.
CREATE VIEW current_reading AS
SELECT * FROM reading
WHERE NOT is_folded AND id NOT IN (SELECT reading FROM dropped_reading);

-- Which logins are an account; several ids (account, organisation) may be one.
CREATE TABLE account_login (
    account VARCHAR NOT NULL,
    provider VARCHAR NOT NULL,
    login VARCHAR NOT NULL,         -- digest
    is_its BOOLEAN NOT NULL,        -- false: it was wrong
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);

-- Which login a client's folder was seen to be on, and when; of one session where that is known.
CREATE TABLE login_seen (
    provider VARCHAR NOT NULL,
    folder VARCHAR NOT NULL,
    session VARCHAR,                -- NULL: the folder as a whole
    login VARCHAR NOT NULL,         -- digest
    seen_at TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);

-- The provider's own word for the plan, each time it changed.
CREATE TABLE plan_seen (
    provider VARCHAR NOT NULL,
    plan_word VARCHAR NOT NULL,
    login VARCHAR,                  -- digest; NULL: not named
    folder VARCHAR,
    seen_at TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);
