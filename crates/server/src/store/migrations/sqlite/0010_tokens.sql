-- Tokens of programs (domain/access.rs). They hang on a session, and are gone with it.

CREATE TABLE access_tokens (
    token_hash BLOB PRIMARY KEY NOT NULL,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);

CREATE INDEX access_tokens_by_session ON access_tokens (session_id);

CREATE TABLE refresh_tokens (
    token_hash BLOB PRIMARY KEY NOT NULL,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL,
    -- When it was used; null until then. One that comes again long after that was stolen.
    rotated_at BIGINT,
    -- The token that it was used for, sealed, to be handed out once more within seconds; null unless in session mode.
    successor BLOB
);

CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);
