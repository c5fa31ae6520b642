-- What was shipped, without tags: what commits say beside them, what brought them in, who wrote
-- here, what was said of items, and when work on them was started.

-- Every commit is read once more for these.
ALTER TABLE git_commit ADD COLUMN title VARCHAR;            -- first line; of a merge that of its request
ALTER TABLE git_commit ADD COLUMN committed_at TIMESTAMPTZ; -- of a merge or squash: when it was merged
ALTER TABLE git_commit ADD COLUMN is_merge BOOLEAN;
ALTER TABLE git_commit ADD COLUMN is_squash BOOLEAN;        -- it lists the commits that it was made of
ALTER TABLE git_commit ADD COLUMN request VARCHAR;          -- pull request it says it merges: 412, mr12
ALTER TABLE git_commit ADD COLUMN merged_branch VARCHAR;    -- the branch that it says it merges
ALTER TABLE git_commit ADD COLUMN change_type VARCHAR;      -- of its title, e.g. feat, revert
DELETE FROM repository_tips;
DELETE FROM log_file WHERE source = 'git';

-- The commit on the default branch's own line that brought this one's content in: a merge, a
-- squash. NULL: itself, its twin after a rebase, or none.
ALTER TABLE commit_state ADD COLUMN via VARCHAR;

-- What became of each commit last, and whether it was ever on the default branch.
DROP VIEW current_commit_state;
CREATE VIEW current_commit_state AS
SELECT
    repository, sha, max_by(state, record_no) AS state, max_by(row(via), record_no)[1] AS via,
    bool_or(state = 'landed') AS has_landed
FROM commit_state
GROUP BY repository, sha;

-- A `Work:` trailer: the commit is for this item.
CREATE TABLE commit_trailer (
    repository VARCHAR NOT NULL,
    sha VARCHAR NOT NULL,
    line INTEGER NOT NULL,          -- 1-based, in the message
    item VARCHAR NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no'),
    PRIMARY KEY (repository, sha, line)
);

-- How a repository is called in ids of items, and where it comes from; the newest record rules.
CREATE TABLE repository_name (
    repository VARCHAR NOT NULL,
    name VARCHAR NOT NULL,          -- e.g. api; the same for two clones of one project
    project VARCHAR NOT NULL,       -- what two clones share: a digest of its origin or first commits
    forge_path VARCHAR,             -- owner/name at its forge, lower case; NULL: no origin
    is_github BOOLEAN NOT NULL,     -- that forge is github.com, which `gh` asks
    is_shallow BOOLEAN NOT NULL,    -- its history is cut off
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);

-- As whom one commits in a repository on this machine; all that ever held are one's own.
CREATE TABLE repository_author (
    repository VARCHAR NOT NULL,
    name VARCHAR NOT NULL,          -- "": none is set
    email VARCHAR NOT NULL,         -- "": none is set
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no'),
    PRIMARY KEY (repository, name, email)
);

-- A pull request as a transcript or the user's own gh tells of it; the newest record of a source rules.
CREATE TABLE pull_request (
    forge_path VARCHAR NOT NULL,    -- owner/name, lower case
    number INTEGER NOT NULL,
    source VARCHAR NOT NULL,        -- transcript or gh
    session VARCHAR NOT NULL,       -- of a client that said so; "" of gh
    title VARCHAR,
    branch VARCHAR,                 -- what it asks to merge
    author VARCHAR,
    is_bot BOOLEAN,
    merged_at TIMESTAMPTZ,          -- NULL: not (yet), or not told
    merge_sha VARCHAR,              -- the commit that brought it in
    labels VARCHAR[],
    closes INTEGER[],               -- issues that it closes
    seen_at TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);

-- What a person or a pipeline said of an item.
CREATE TABLE item_word (
    id VARCHAR PRIMARY KEY,         -- a digest of the rest, so twice is once
    item VARCHAR NOT NULL,
    word VARCHAR NOT NULL,          -- shipped, failed, open, bug; or a kind: feature, fix, chore, ...
    reason VARCHAR NOT NULL,        -- "": none given
    said_at TIMESTAMPTZ NOT NULL,   -- when it came to be so
    origin VARCHAR NOT NULL,        -- the file it came from, or -
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);

-- Work on an item was started in a checkout; it holds until the next start there.
CREATE TABLE work_start (
    id VARCHAR PRIMARY KEY,         -- a digest of the rest, so twice is once
    worktree VARCHAR NOT NULL,      -- root of the checkout
    branch VARCHAR,                 -- it was on then; NULL: on none
    item VARCHAR NOT NULL,
    step VARCHAR NOT NULL,
    methodology VARCHAR,
    started_at TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);

-- How large an item was thought to be, fixed before the work on it; the first record rules.
CREATE TABLE item_size (
    item VARCHAR NOT NULL,
    size VARCHAR NOT NULL,          -- S, M or L
    basis VARCHAR NOT NULL,         -- said, predicted or after-the-fact
    predicted_usd DOUBLE,           -- what it was thought to cost at the API; NULL: nothing tells
    sized_at TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);
