-- 1 once the account has been signed in to: a mail tells of each sign-in from a new browser after that.
ALTER TABLE accounts ADD COLUMN has_signed_in BIGINT NOT NULL DEFAULT 0;

UPDATE accounts SET has_signed_in = 1 WHERE language IS NOT NULL OR id IN (SELECT account_id FROM sessions);
