-- Accounts that are found by themselves: their plans, logins and renewal days.

-- True where a source named the plan, not the user: what is found later may change it.
ALTER TABLE account_span ADD COLUMN plan_found BOOLEAN DEFAULT false;

DROP VIEW current_account_span;
CREATE VIEW current_account_span AS
SELECT * EXCLUDE (newest) FROM (
    SELECT *, max(record_no) OVER (PARTITION BY account, span) AS newest FROM account_span
) WHERE record_no = newest;

-- What of a login an id names: the person's account, or the organisation that pays. One person may
-- be in several organisations, and several persons in one: only both together are one login.
-- Or it is the id in a capture of which the user said whose it is: named.
ALTER TABLE account_login ADD COLUMN kind VARCHAR DEFAULT 'account';  -- account, org or named
ALTER TABLE login_seen ADD COLUMN kind VARCHAR DEFAULT 'account';     -- account or org

ALTER TABLE plan_seen ADD COLUMN account VARCHAR;  -- whose it is, where the user said so

-- The day of the month on which an account is paid again; the last record rules.
CREATE TABLE account_renewal (
    account VARCHAR NOT NULL,
    day INTEGER NOT NULL,           -- 1 to 31; in a shorter month its last day
    recorded_at TIMESTAMPTZ NOT NULL,
    record_no BIGINT NOT NULL DEFAULT nextval('record_no')
);
