-- Who people are elsewhere (domain/sso.rs): by issuer and subject, never by email.
CREATE TABLE identities (
    id TEXT PRIMARY KEY NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- The name of the provider that it was linked through.
    provider TEXT NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- What the provider last told; shown, never compared.
    email TEXT,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    UNIQUE (issuer, subject)
);

CREATE INDEX identities_by_account ON identities (account_id);

-- Sessions that began at a provider, which is asked now and then whether it still knows the person.
CREATE TABLE provider_sessions (
    session_id TEXT PRIMARY KEY NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    identity_id TEXT NOT NULL REFERENCES identities (id) ON DELETE CASCADE,
    -- Its refresh token, sealed; null when it gave none.
    refresh_token BLOB,
    checked_at BIGINT NOT NULL
);

CREATE INDEX provider_sessions_by_identity ON provider_sessions (identity_id);

-- Of a sign-in through a provider that waits for a one-time code: what the session is to begin with.
ALTER TABLE challenges ADD COLUMN identity_id TEXT REFERENCES identities (id) ON DELETE CASCADE;
ALTER TABLE challenges ADD COLUMN provider_token BLOB;
ALTER TABLE challenges ADD COLUMN token_mode TEXT;
