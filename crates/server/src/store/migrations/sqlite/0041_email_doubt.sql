-- 1 once an operator has given the account back to its user, until its email is changed: the email that came by this change gets
-- no link that restores it.
ALTER TABLE email_reverts ADD COLUMN in_doubt BIGINT NOT NULL DEFAULT 0;
