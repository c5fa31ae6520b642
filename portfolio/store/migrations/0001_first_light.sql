-- The first facts: accounts, methodologies, readings, commits, windows.
-- Every table is append-only. `record_no` orders the versions of a fact: for one key the highest
-- one rules, and the older ones stay to be looked at. `recorded_at` says when it was written.

CREATE SEQUENCE record_no;

-- One paid login on one plan for a span of time; key (account, span).
CREATE TABLE account_span (
    account VARCHAR NOT NULL,
    span INTEGER NOT NULL,          -- 0 for the first plan, 1 for the next, ...
    provider VARCHAR NOT NULL,
    plan VARCHAR,                   -- id in the catalogue; NULL: not known
    since_at TIMESTAMPTZ,           -- NULL: always
    until_at TIMESTAMPTZ,           -- not included; NULL: still open
    folder VARCHAR,
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);

-- A methodology is the list of steps that was recorded last under its name.
CREATE TABLE methodology (
    methodology VARCHAR NOT NULL,
    steps VARCHAR[] NOT NULL,       -- in order
    models VARCHAR[] NOT NULL,      -- as long as steps
    accounts VARCHAR[] NOT NULL,    -- as long as steps
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);

-- One value of a meter at one moment; `id` is a hash of the content, so twice is once.
CREATE TABLE reading (
    id VARCHAR PRIMARY KEY,
    account VARCHAR,                -- NULL: kept aside until its account is known
    provider VARCHAR,               -- NULL: the text does not tell
    pool VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,          -- pp, prompts, credits or usd
    used DOUBLE NOT NULL,
    cap DOUBLE,                     -- in `unit`; NULL: not stated
    read_at TIMESTAMPTZ NOT NULL,
    held_since TIMESTAMPTZ,         -- the same value was read again and again from here to read_at
    is_folded BOOLEAN NOT NULL DEFAULT false, -- stands inside a run of equal readings
    resets_at TIMESTAMPTZ,          -- NULL: not shown
    source VARCHAR NOT NULL,        -- the source kind, e.g. claude-usage
    origin VARCHAR NOT NULL,        -- the file it came from, or -
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);

-- A reading taken back, or given again, and why; key reading.
CREATE TABLE reading_drop (
    reading VARCHAR NOT NULL,
    is_dropped BOOLEAN NOT NULL,
    reason VARCHAR NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);

-- A pool's limit as a text stated it.
CREATE TABLE cap_seen (
    account VARCHAR,
    provider VARCHAR,
    pool VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    cap DOUBLE NOT NULL,
    read_at TIMESTAMPTZ NOT NULL,
    source VARCHAR NOT NULL,
    origin VARCHAR NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);

-- A repository as it was first seen; `default_branch` is used where git names none.
CREATE TABLE repository (
    repository VARCHAR PRIMARY KEY, -- the resolved folder
    default_branch VARCHAR,
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);

-- Where the branches stood when the repository was last taken in.
CREATE TABLE repository_tips (
    repository VARCHAR NOT NULL,
    tips VARCHAR NOT NULL,          -- a digest of every branch and its commit
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);

CREATE TABLE git_commit (
    repository VARCHAR NOT NULL,
    sha VARCHAR NOT NULL,
    author VARCHAR NOT NULL,        -- name and address, to know an amended commit again
    author_at TIMESTAMPTZ NOT NULL, -- amend, rebase and cherry-pick keep it
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no'),
    PRIMARY KEY (repository, sha)
);

-- What became of a commit, each time it changed: landed (on the default branch), branch, gone.
CREATE TABLE commit_state (
    repository VARCHAR NOT NULL,
    sha VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);

CREATE TABLE commit_tag (
    repository VARCHAR NOT NULL,
    sha VARCHAR NOT NULL,
    line INTEGER NOT NULL,          -- 1-based, in the message
    kind VARCHAR NOT NULL,          -- feature or prototype
    item VARCHAR NOT NULL,
    named_window VARCHAR NOT NULL,
    step VARCHAR NOT NULL,
    message VARCHAR NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no'),
    PRIMARY KEY (repository, sha, line)
);

-- `sha` takes `reverted` back; the revert of a merge has a row for every commit it brought in.
CREATE TABLE commit_revert (
    repository VARCHAR NOT NULL,
    sha VARCHAR NOT NULL,
    reverted VARCHAR NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no'),
    PRIMARY KEY (repository, sha, reverted)
);

CREATE TABLE commit_problem (
    repository VARCHAR NOT NULL,
    sha VARCHAR NOT NULL,
    line INTEGER,
    slug VARCHAR NOT NULL,
    what VARCHAR NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);

-- A logged window; correcting one is a new version of it.
CREATE TABLE window_log (
    name VARCHAR NOT NULL,
    start_at TIMESTAMPTZ NOT NULL,
    end_at TIMESTAMPTZ NOT NULL,
    methodology VARCHAR,
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);

-- A capture handed over for one side of a window; key (name, account, pool, side).
CREATE TABLE window_capture (
    name VARCHAR NOT NULL,
    account VARCHAR NOT NULL,
    pool VARCHAR NOT NULL,
    side VARCHAR NOT NULL,          -- before or after
    reading VARCHAR NOT NULL,       -- id
    has_own_time BOOLEAN NOT NULL,  -- else it is dated by the window
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);

CREATE VIEW current_account_span AS
SELECT * EXCLUDE (newest) FROM (
    SELECT *, max(record_no) OVER (PARTITION BY account, span) AS newest FROM account_span
) WHERE record_no = newest;

CREATE VIEW current_methodology AS
SELECT * EXCLUDE (newest) FROM (
    SELECT *, max(record_no) OVER (PARTITION BY methodology) AS newest FROM methodology
) WHERE record_no = newest;

CREATE VIEW current_window AS
SELECT * EXCLUDE (newest) FROM (
    SELECT *, max(record_no) OVER (PARTITION BY name) AS newest FROM window_log
) WHERE record_no = newest;

-- What was handed over last for a side of a window; key (name, account, pool, unit, side).
CREATE VIEW current_window_capture AS
SELECT * EXCLUDE (newest) FROM (
    SELECT
        capture.*,
        max(capture.record_no) OVER (
            PARTITION BY name, capture.account, capture.pool, unit, side
        ) AS newest
    FROM window_capture AS capture JOIN reading ON reading.id = capture.reading
) WHERE record_no = newest;

CREATE VIEW current_commit_state AS
SELECT repository, sha, max_by(state, record_no) AS state
FROM commit_state
GROUP BY repository, sha;

-- Readings taken back and not given again.
CREATE VIEW dropped_reading AS
SELECT reading FROM reading_drop GROUP BY reading HAVING max_by(is_dropped, record_no);

-- The readings that stand: neither taken back nor inside a run of equal ones. What stands between
-- first and last of a run is marked, not deleted, so that a reading which arrives late may cut it.
CREATE VIEW current_reading AS
SELECT * FROM reading
WHERE NOT is_folded AND id NOT IN (SELECT reading FROM dropped_reading);
