-- Requests for a mail that resets a password, as they came: whether there is such an account is looked at later, so that
-- nobody can tell from the time the answer takes.
CREATE TABLE password_requests (
    id TEXT PRIMARY KEY NOT NULL,
    -- Who asks for whom, sealed.
    sealed BLOB NOT NULL,
    created_at BIGINT NOT NULL
);

-- The token of such a mail: one an account, the newest.
CREATE TABLE password_resets (
    account_id TEXT PRIMARY KEY NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    token_hash BLOB NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL,
    -- Kept for a while after that, to tell a used link from an unknown one.
    used_at BIGINT
);
