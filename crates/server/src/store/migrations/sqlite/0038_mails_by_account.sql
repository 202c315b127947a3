-- The account that a mail is about, whose mails are bounded; empty for one that anyone may have asked for.
ALTER TABLE mails ADD COLUMN account_id TEXT NOT NULL DEFAULT '';
CREATE INDEX mails_by_account ON mails (account_id, id);
