-- Emails that an account had until they were changed: the link in the mail to each restores it.
CREATE TABLE email_reverts (
    token_hash BLOB PRIMARY KEY NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- The email until then.
    email TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- Kept for a while after that, to tell a used link from an unknown one.
    used_at BIGINT
);

-- What a restored email ends: the links of later changes.
CREATE INDEX email_reverts_by_account ON email_reverts (account_id, changed_at);
-- What the sweep removes.
CREATE INDEX email_reverts_by_end ON email_reverts (expires_at);
