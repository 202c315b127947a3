-- One-time codes, recovery codes, trusted browsers, sign-ins that wait for their second step, temporary login tokens.

-- Sealed (domain/secret_key.rs); null while one-time codes are off.
ALTER TABLE accounts ADD COLUMN totp_secret BLOB;
-- The last 30 seconds since 1970 whose code was used: it and all before it are refused.
ALTER TABLE accounts ADD COLUMN totp_last_step BIGINT NOT NULL DEFAULT 0;
-- How many wrong second factors in a row.
ALTER TABLE accounts ADD COLUMN wrong_second_factors BIGINT NOT NULL DEFAULT 0;

-- Secrets that were handed out and wait for their first code: one a session, gone with it.
CREATE TABLE totp_enrolments (
    session_id TEXT PRIMARY KEY NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    -- Sealed like accounts.totp_secret.
    secret BLOB NOT NULL,
    expires_at BIGINT NOT NULL
);

-- Those that are unused.
CREATE TABLE recovery_codes (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- A keyed hash.
    hash BLOB NOT NULL,
    PRIMARY KEY (account_id, hash)
);

-- The password was right, and a code is wanted.
CREATE TABLE challenges (
    token_hash BLOB PRIMARY KEY NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- How many codes were tried.
    attempts BIGINT NOT NULL DEFAULT 0,
    expires_at BIGINT NOT NULL
);

CREATE INDEX challenges_by_account ON challenges (account_id);

-- Browsers that are not asked for a code.
CREATE TABLE trusted_devices (
    id TEXT PRIMARY KEY NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    address TEXT NOT NULL,
    user_agent TEXT NOT NULL
);

CREATE INDEX trusted_devices_by_account ON trusted_devices (account_id);

-- Made by `doorstep login-token`, each for one sign-in.
CREATE TABLE login_tokens (
    token_hash BLOB PRIMARY KEY NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL,
    -- Null until then; kept for a day, to tell a used one from a wrong one.
    used_at BIGINT
);
