-- Devices that ask to be let in (domain/device_grant.rs), and the tokens of those that were (domain/device_token.rs).

CREATE TABLE device_grants (
    id TEXT PRIMARY KEY NOT NULL,
    -- SHA-256.
    device_code_hash BLOB NOT NULL UNIQUE,
    -- HMAC: 34 bits could be guessed back from a plain hash.
    user_code_hash BLOB NOT NULL UNIQUE,
    client_id TEXT NOT NULL,
    device_label TEXT,
    -- As it was asked for.
    scope TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'denied', 'consumed')),
    -- Seconds between two polls.
    poll_interval BIGINT NOT NULL,
    address TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    polled_at BIGINT,
    cross_ip_told BIGINT NOT NULL DEFAULT 0,
    -- From approval on; sealed, and gone with the pick-up.
    token_id TEXT,
    sealed_token BLOB
);

CREATE INDEX device_grants_by_end ON device_grants (expires_at);

CREATE TABLE device_tokens (
    id TEXT PRIMARY KEY NOT NULL,
    -- SHA-256.
    token_hash BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('account', 'external_sso')),
    -- Null for somebody whom another identity system vouches for.
    account_id TEXT REFERENCES accounts (id) ON DELETE CASCADE,
    -- The account's id, or the email as it is compared.
    subject TEXT NOT NULL,
    -- Who vouches for it; empty (not null, or no two would be the same) for accounts.
    issuer TEXT NOT NULL,
    subject_email TEXT NOT NULL,
    prefix TEXT NOT NULL,
    client_id TEXT NOT NULL,
    device_label TEXT,
    scope TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT,
    -- 1 once the audit log says how it ended.
    end_told BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX device_tokens_by_subject ON device_tokens (subject, issuer);
CREATE INDEX device_tokens_by_end ON device_tokens (expires_at);

-- One device, one token: a device is told from others by what it calls itself.
CREATE UNIQUE INDEX device_tokens_one_a_label ON device_tokens (subject, issuer, client_id, device_label)
    WHERE device_label IS NOT NULL AND revoked_at IS NULL;

-- Numbers that were used once and must not be again.
CREATE TABLE device_nonces (
    hash BLOB PRIMARY KEY NOT NULL,
    expires_at BIGINT NOT NULL
);
