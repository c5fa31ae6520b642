-- Where clients worked: the folders that turns name, and the branch each checkout was on when.

-- Which checkout and which repository a folder lies in; the newest record of a folder rules.
CREATE TABLE work_place (
    cwd VARCHAR NOT NULL,           -- as the logs name it
    worktree VARCHAR,               -- root of the checkout; NULL: which of them is not known
    repository VARCHAR NOT NULL,    -- the main checkout (or bare folder) whose history it shares
    is_seen BOOLEAN NOT NULL,       -- false: the folder was gone; told by what lies above it
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);

-- The checkouts that turns were worked in, and how far the log of each HEAD was read. No fact: it
-- is kept up to date in its place.
CREATE TABLE worktree (
    worktree VARCHAR NOT NULL,
    repository VARCHAR NOT NULL,
    git_folder VARCHAR NOT NULL,    -- where its HEAD lies
    head VARCHAR NOT NULL,          -- what HEAD said
    log_size BIGINT NOT NULL,       -- of the log of HEAD; -1: there is none
    log_modified_ns BIGINT NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL    -- when it was looked at last
);

-- Which branch a checkout was on, as the log of its HEAD says; key (worktree, since_at). Git lets
-- that log expire; what was taken in stays. Where nothing stands, it is not known.
CREATE TABLE head_span (
    worktree VARCHAR NOT NULL,
    since_at TIMESTAMPTZ NOT NULL,
    until_at TIMESTAMPTZ,           -- not included; NULL: still so when it was looked at last
    branch VARCHAR,                 -- NULL: on no branch
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);

-- Which branch a commit was made on, as the log of a HEAD says; the newest record rules.
CREATE TABLE commit_branch (
    repository VARCHAR NOT NULL,
    sha VARCHAR NOT NULL,
    branch VARCHAR NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);

CREATE VIEW current_work_place AS
SELECT
    cwd, max_by(row(worktree), record_no)[1] AS worktree,
    max_by(repository, record_no) AS repository
FROM work_place
GROUP BY cwd;

CREATE VIEW current_head_span AS
SELECT
    worktree, since_at,
    coalesce(until_at, (SELECT max(seen_at) FROM worktree AS own WHERE own.worktree = span.worktree))
        AS until_at,
    branch
FROM (
    SELECT *, max(record_no) OVER (PARTITION BY worktree, since_at) AS newest FROM head_span
) AS span
WHERE record_no = newest;

CREATE VIEW current_commit_branch AS
SELECT repository, sha, max_by(branch, record_no) AS branch
FROM commit_branch
GROUP BY repository, sha;

-- Where each turn that counts was worked: its own word for the branch first if it is of the moment
-- (Claude says it with each turn), else the log of that HEAD, else what its session began on.
CREATE VIEW placed_turn AS
SELECT
    turn.record_no, place.repository, place.worktree,
    CASE
        WHEN turn.source = 'claude' AND turn.branch IS NOT NULL THEN turn.branch
        WHEN turn.turn_at <= span.until_at THEN span.branch
        ELSE turn.branch
    END AS branch
FROM current_turn AS turn
LEFT JOIN current_work_place AS place USING (cwd)
ASOF LEFT JOIN current_head_span AS span
    ON span.worktree = place.worktree AND turn.turn_at >= span.since_at;
