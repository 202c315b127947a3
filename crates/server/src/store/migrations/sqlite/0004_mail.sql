-- The BCP 47 tag of the language that the person last signed in with; null when it is not known.
ALTER TABLE accounts ADD COLUMN language TEXT;

-- An email that waits to be confirmed by the mail that was sent to it: one an account, the newest.
CREATE TABLE email_changes (
    account_id TEXT PRIMARY KEY NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL,
    -- Kept for a while after that, to tell a used link from an unknown one.
    used_at BIGINT
);

-- Mails that wait to be delivered.
CREATE TABLE mails (
    id TEXT PRIMARY KEY NOT NULL,
    -- Recipient, subject and text, sealed: some hold tokens.
    sealed BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    -- How many attempts were begun, and when the next one is due.
    attempts BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL
);

CREATE INDEX mails_by_due ON mails (due_at);
