-- What the clients' own logs say: requests with their tokens, and how far each log was read.

-- One request as one line of a log has it. The same answer may stand here more than once (a
-- placeholder and the whole line, a resumed session's copy): `current_turn` counts it once.
CREATE TABLE turn (
    source VARCHAR NOT NULL,        -- claude or codex: the format of the log
    message VARCHAR NOT NULL,       -- names the answer, across all files
    request VARCHAR NOT NULL,       -- names the request; '' where the log does not
    session VARCHAR NOT NULL,
    turn_at TIMESTAMPTZ NOT NULL,
    model VARCHAR NOT NULL,
    cwd VARCHAR,                    -- the folder the client worked in
    branch VARCHAR,                 -- the git branch of that folder then; NULL: not known
    folder VARCHAR NOT NULL,        -- the client's folder the log was found in
    input_tokens BIGINT NOT NULL,   -- not read from a cache
    output_tokens BIGINT NOT NULL,  -- reasoning included
    cache_read_tokens BIGINT NOT NULL,
    cache_write_tokens BIGINT NOT NULL,
    cache_write_1h_tokens BIGINT NOT NULL, -- those among them that are kept for an hour
    is_sidechain BOOLEAN NOT NULL,
    has_speed BOOLEAN NOT NULL,
    is_superseded BOOLEAN NOT NULL DEFAULT false, -- another line says the same answer better
    origin VARCHAR NOT NULL,        -- the log file
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);

-- Which of several lines of one request counts: the greatest. `Turn.rank` of parsers/records.py says
-- the same of what is not stored yet. The last of it only make the order one, whatever comes first.
CREATE MACRO turn_rank(
    is_sidechain, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
    cache_write_1h_tokens, has_speed, turn_at, model, session, cwd, branch
) AS row(
    NOT is_sidechain,
    input_tokens + output_tokens + cache_read_tokens + cache_write_tokens,
    has_speed,
    -epoch_us(turn_at),
    model, session, coalesce(cwd, ''), coalesce(branch, ''),
    input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cache_write_1h_tokens
);

-- How far each log was read; what is older than that is never read again. No fact: it is kept up
-- to date in its place.
CREATE TABLE log_file (
    path VARCHAR NOT NULL,
    folder VARCHAR NOT NULL,        -- the client's folder it was found in
    source VARCHAR NOT NULL,        -- claude or codex; git for a checkout
    reader INTEGER NOT NULL,        -- version of the parser; a newer one reads the log again
    size BIGINT NOT NULL,
    modified_ns BIGINT NOT NULL,
    end_offset BIGINT NOT NULL,     -- behind the last whole line that was read
    seam VARCHAR NOT NULL,          -- digest of its begin and of what stands before the offset
    carry VARCHAR NOT NULL,         -- what reading on must know
    lines_read BIGINT NOT NULL,
    lines_skipped BIGINT NOT NULL
);

-- Each request once. What another line says better is marked, not deleted, and no key is kept: an
-- index over these names would cost more than all the reading.
CREATE VIEW current_turn AS
SELECT * EXCLUDE (is_superseded) FROM turn WHERE NOT is_superseded;
