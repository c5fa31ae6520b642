-- What tells how large an item will be before the work on it. Texts are counted; none is kept.

-- What a session was asked for first, by a person, before its first answer.
CREATE TABLE session_prompt (
    source VARCHAR NOT NULL,        -- the log it stands in: claude or codex
    session VARCHAR NOT NULL,
    prompted_at TIMESTAMPTZ NOT NULL,
    words INTEGER NOT NULL,
    checkboxes INTEGER NOT NULL,
    files INTEGER NOT NULL,         -- different ones that it names
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no'),
    PRIMARY KEY (source, session, prompted_at, words, checkboxes, files)
);

-- An issue as the user's own gh tells of it; the newest record rules.
CREATE TABLE issue (
    forge_path VARCHAR NOT NULL,    -- owner/name, lower case
    number INTEGER NOT NULL,
    words INTEGER NOT NULL,         -- of its title and text
    checkboxes INTEGER NOT NULL,
    files INTEGER NOT NULL,         -- different ones that it names
    labels VARCHAR[] NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);
