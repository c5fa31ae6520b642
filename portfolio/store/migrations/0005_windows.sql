-- Windows that were confirmed from a proposal, and windows with two ways of working.

-- True where the methodology was guessed from what was done and nobody has confirmed it.
ALTER TABLE window_log ADD COLUMN methodology_guessed BOOLEAN DEFAULT false;

DROP VIEW current_window;
CREATE VIEW current_window AS
SELECT * EXCLUDE (newest) FROM (
    SELECT *, max(record_no) OVER (PARTITION BY name) AS newest FROM window_log
) WHERE record_no = newest;

-- One of several methodologies of a window, with the features that were worked on by it.
CREATE TABLE window_part (
    name VARCHAR NOT NULL,
    methodology VARCHAR NOT NULL,
    features VARCHAR[] NOT NULL,
    version BIGINT NOT NULL,        -- the record_no of its window
    recorded_at TIMESTAMPTZ NOT NULL
);
