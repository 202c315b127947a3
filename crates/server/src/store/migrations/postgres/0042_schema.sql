-- The tables as SQLite's migrations up to 0042 leave them. From here on, a migration has the same number for both databases.
--
-- Every text is compared by its bytes, as SQLite does (COLLATE "C"): so lower() changes ASCII alone, and an order is the same
-- whatever the locale of the database. Times are milliseconds since 1970; a flag is 0 or 1.

-- What the server must know of itself: a value a name.
CREATE TABLE settings (
    name TEXT COLLATE "C" PRIMARY KEY,
    value BYTEA NOT NULL
);

CREATE TABLE accounts (
    id TEXT COLLATE "C" PRIMARY KEY,
    username TEXT COLLATE "C" NOT NULL,
    -- The name as it is compared: lower case, no white space around it.
    username_key TEXT COLLATE "C" NOT NULL UNIQUE,
    email TEXT COLLATE "C" NOT NULL,
    email_key TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('operator', 'member')),
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('active', 'suspended')),
    -- A PHC string; null for an account that can't sign in with a password.
    password_hash TEXT COLLATE "C",
    -- 1 while the password of the first start is in force.
    password_is_initial BIGINT NOT NULL DEFAULT 0,
    password_changed_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Sealed; null while one-time codes are off.
    totp_secret BYTEA,
    wrong_second_factors BIGINT NOT NULL DEFAULT 0,
    -- What the user last signed in with.
    language TEXT COLLATE "C",
    -- The default of its devices. It refers to nothing: what is gone is no default.
    last_project_id TEXT COLLATE "C",
    -- 1 once the account has been signed in to.
    has_signed_in BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX accounts_initial ON accounts (id) WHERE password_is_initial = 1;
CREATE INDEX accounts_by_role ON accounts (role, status, created_at, id);

CREATE TABLE sessions (
    id TEXT COLLATE "C" PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE,
    account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    began_with TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    proved_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    user_agent TEXT COLLATE "C" NOT NULL
);

CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_last_use ON sessions (last_seen_at);
CREATE INDEX sessions_by_beginning ON sessions (created_at);
CREATE INDEX sessions_by_kind ON sessions (began_with, created_at);

-- Tokens of programs (domain/access.rs). They hang on a session, and are gone with it.
CREATE TABLE access_tokens (
    token_hash BYTEA PRIMARY KEY,
    session_id TEXT COLLATE "C" NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);

CREATE INDEX access_tokens_by_session ON access_tokens (session_id);
CREATE INDEX access_tokens_by_end ON access_tokens (expires_at);

CREATE TABLE refresh_tokens (
    token_hash BYTEA PRIMARY KEY,
    session_id TEXT COLLATE "C" NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL,
    -- When it was used; null until then. One that comes again long after that was stolen.
    rotated_at BIGINT,
    -- The token that it was used for, sealed, to be handed out once more within seconds; null unless in session mode.
    successor BYTEA
);

CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_by_end ON refresh_tokens (expires_at);
CREATE INDEX refresh_tokens_by_rotation ON refresh_tokens (rotated_at) WHERE successor IS NOT NULL;

-- Those that are unused.
CREATE TABLE recovery_codes (
    account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- A keyed hash.
    hash BYTEA NOT NULL,
    PRIMARY KEY (account_id, hash)
);

CREATE TABLE totp_enrolments (
    session_id TEXT COLLATE "C" PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    -- Sealed like accounts.totp_secret.
    secret BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX totp_enrolments_by_end ON totp_enrolments (expires_at);

-- The 30-second steps since 1970 whose codes were used (domain/totp.rs).
CREATE TABLE totp_steps (
    account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    step BIGINT NOT NULL,
    PRIMARY KEY (account_id, step)
);

-- Browsers that are not asked for a code.
CREATE TABLE trusted_devices (
    id TEXT COLLATE "C" PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE,
    account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    user_agent TEXT COLLATE "C" NOT NULL
);

CREATE INDEX trusted_devices_by_account ON trusted_devices (account_id);
CREATE INDEX trusted_devices_by_end ON trusted_devices (expires_at);

-- Made by `doorstep login-token`, each for one sign-in.
CREATE TABLE login_tokens (
    token_hash BYTEA PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL,
    -- Null until then; kept for a day, to tell a used one from a wrong one.
    used_at BIGINT
);

CREATE INDEX login_tokens_by_use ON login_tokens (used_at, expires_at);
CREATE INDEX login_tokens_by_account ON login_tokens (account_id);

-- Who users are elsewhere (domain/sso.rs): by issuer and subject, never by email.
CREATE TABLE identities (
    id TEXT COLLATE "C" PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- The name of the provider that it was linked through.
    provider TEXT COLLATE "C" NOT NULL,
    issuer TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    -- What the provider last told; shown, never compared.
    email TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    UNIQUE (issuer, subject)
);

CREATE INDEX identities_by_account ON identities (account_id);

-- Sessions that began at a provider, which is asked now and then whether it still knows the user.
CREATE TABLE provider_sessions (
    session_id TEXT COLLATE "C" PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    identity_id TEXT COLLATE "C" NOT NULL REFERENCES identities (id) ON DELETE CASCADE,
    -- Its refresh token, sealed; null when it gave none.
    refresh_token BYTEA,
    checked_at BIGINT NOT NULL
);

CREATE INDEX provider_sessions_by_identity ON provider_sessions (identity_id);

-- The password was right, and a code is wanted. Of a sign-in through a provider: what the session is to begin with.
CREATE TABLE challenges (
    token_hash BYTEA PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- How many codes were tried.
    attempts BIGINT NOT NULL DEFAULT 0,
    expires_at BIGINT NOT NULL,
    identity_id TEXT COLLATE "C" REFERENCES identities (id) ON DELETE CASCADE,
    provider_token BYTEA,
    token_mode TEXT COLLATE "C"
);

CREATE INDEX challenges_by_account ON challenges (account_id);
CREATE INDEX challenges_by_end ON challenges (expires_at);
CREATE INDEX challenges_by_identity ON challenges (identity_id);

-- Emails that wait to be confirmed: one an account.
CREATE TABLE email_changes (
    account_id TEXT COLLATE "C" PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    email TEXT COLLATE "C" NOT NULL,
    token_hash BYTEA NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL,
    -- Kept for a while after that, to tell a used link from an unknown one.
    used_at BIGINT
);

CREATE INDEX email_changes_by_end ON email_changes (expires_at);

-- Emails that an account had until they were changed: the link in the mail to each restores it.
CREATE TABLE email_reverts (
    token_hash BYTEA PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- The email until then.
    email TEXT COLLATE "C" NOT NULL,
    changed_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- Kept for a while after that, to tell a used link from an unknown one.
    used_at BIGINT,
    -- 1 once an operator has given the account back to its user, until its email is changed: the email that came by this change
    -- gets no link that restores it.
    in_doubt BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX email_reverts_by_account ON email_reverts (account_id, changed_at);
CREATE INDEX email_reverts_by_end ON email_reverts (expires_at);

-- Requests for a mail that resets a password, as they came.
CREATE TABLE password_requests (
    id TEXT COLLATE "C" PRIMARY KEY,
    -- Who asks for whom, sealed.
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    -- The wide network that it came from.
    network TEXT COLLATE "C" NOT NULL DEFAULT ''
);

CREATE INDEX password_requests_by_network ON password_requests (network, id);

-- The token of such a mail: one an account, the newest.
CREATE TABLE password_resets (
    account_id TEXT COLLATE "C" PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    token_hash BYTEA NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL,
    -- Kept for a while after that, to tell a used link from an unknown one.
    used_at BIGINT
);

CREATE INDEX password_resets_by_end ON password_resets (expires_at);

-- Mails that wait to be delivered.
CREATE TABLE mails (
    id TEXT COLLATE "C" PRIMARY KEY,
    -- Recipient, subject and text, sealed: some hold tokens.
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    -- How many attempts were begun, and when the next one is due.
    attempts BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL,
    -- The account that it is about; empty for one that anyone may have asked for.
    account_id TEXT COLLATE "C" NOT NULL DEFAULT ''
);

CREATE INDEX mails_by_due ON mails (due_at);
CREATE INDEX mails_by_account ON mails (account_id, id);

-- Failures, counted (domain/limits.rs). A key is the first 16 bytes of a keyed hash.
CREATE TABLE limits (
    bucket TEXT COLLATE "C" NOT NULL,
    key BYTEA NOT NULL,
    failures BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (bucket, key)
);

-- How often something was done within a window of time (domain/quota.rs). A key is as that of limits.
CREATE TABLE quotas (
    key BYTEA PRIMARY KEY,
    times BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);

CREATE INDEX quotas_by_end ON quotas (ends_at);

-- Devices that ask for access (domain/device_grant.rs).
CREATE TABLE device_grants (
    id TEXT COLLATE "C" PRIMARY KEY,
    -- SHA-256.
    device_code_hash BYTEA NOT NULL UNIQUE,
    -- HMAC: 34 bits could be guessed back from a plain hash.
    user_code_hash BYTEA NOT NULL UNIQUE,
    client_id TEXT COLLATE "C" NOT NULL,
    device_label TEXT COLLATE "C",
    -- As it was asked for.
    scope TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('pending', 'approved', 'denied', 'consumed')),
    -- Seconds between two polls.
    poll_interval BIGINT NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    user_agent TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    polled_at BIGINT,
    cross_ip_told BIGINT NOT NULL DEFAULT 0,
    -- From approval on; sealed, and gone with the pick-up.
    token_id TEXT COLLATE "C",
    sealed_token BYTEA,
    -- The wide network that it came from.
    network TEXT COLLATE "C" NOT NULL DEFAULT ''
);

CREATE INDEX device_grants_by_end ON device_grants (expires_at);
CREATE INDEX device_grants_pending ON device_grants (network, id) WHERE state = 'pending';

CREATE TABLE device_tokens (
    id TEXT COLLATE "C" PRIMARY KEY,
    -- SHA-256.
    token_hash BYTEA NOT NULL UNIQUE,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('account', 'external_sso')),
    -- Null for a user whom another identity system vouches for.
    account_id TEXT COLLATE "C" REFERENCES accounts (id) ON DELETE CASCADE,
    -- The account's id, or the email as it is compared.
    subject TEXT COLLATE "C" NOT NULL,
    -- Who vouches for it; empty (not null, or no two would be the same) for accounts.
    issuer TEXT COLLATE "C" NOT NULL,
    subject_email TEXT COLLATE "C" NOT NULL,
    prefix TEXT COLLATE "C" NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    device_label TEXT COLLATE "C",
    scope TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT,
    -- 1 once the audit log says how it ended.
    end_told BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX device_tokens_by_subject ON device_tokens (subject, issuer);
CREATE INDEX device_tokens_by_end ON device_tokens (expires_at);
CREATE UNIQUE INDEX device_tokens_one_a_label ON device_tokens (subject, issuer, client_id, device_label)
    WHERE device_label IS NOT NULL AND revoked_at IS NULL;
CREATE INDEX device_tokens_by_revocation ON device_tokens (revoked_at);
CREATE INDEX device_tokens_untold ON device_tokens (end_told, expires_at);
CREATE INDEX device_tokens_by_account ON device_tokens (account_id);

-- Numbers that were used once and must not be again.
CREATE TABLE device_nonces (
    hash BYTEA PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

CREATE INDEX device_nonces_by_end ON device_nonces (expires_at);

CREATE TABLE clients (
    id TEXT COLLATE "C" PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    -- The name without regard to case, by Unicode (domain/text.rs): what a search compares.
    name_folded TEXT COLLATE "C" NOT NULL,
    slug TEXT COLLATE "C" NOT NULL,
    -- 1: may come in.
    active BIGINT NOT NULL,
    -- The id of the project whose previews it is for, when it was made for them.
    preview_of TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX clients_by_slug ON clients (slug);
CREATE UNIQUE INDEX clients_by_preview ON clients (preview_of);
CREATE INDEX clients_by_name ON clients (name_folded, id);

CREATE TABLE projects (
    id TEXT COLLATE "C" PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    summary TEXT COLLATE "C" NOT NULL,
    client_id TEXT COLLATE "C" REFERENCES clients (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL,
    -- When it, or one of its updates, was last changed.
    updated_at BIGINT NOT NULL
);

CREATE INDEX projects_by_time ON projects (updated_at, id);
CREATE INDEX projects_by_client ON projects (client_id, updated_at);
CREATE INDEX projects_by_name ON projects (name_folded, id);

-- What the client reads.
CREATE TABLE project_updates (
    id TEXT COLLATE "C" PRIMARY KEY,
    project_id TEXT COLLATE "C" NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    body TEXT COLLATE "C" NOT NULL,
    -- Who wrote it, as people called them then.
    author TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    edited_at BIGINT
);

CREATE INDEX project_updates_by_project ON project_updates (project_id, created_at);

CREATE TABLE project_members (
    project_id TEXT COLLATE "C" NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (project_id, account_id)
);

CREATE INDEX project_members_by_account ON project_members (account_id);

-- Magic links, and the tokens of previews. An open portal names one of these.
CREATE TABLE client_links (
    id TEXT COLLATE "C" PRIMARY KEY,
    client_id TEXT COLLATE "C" NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    -- SHA-256 of the secret.
    secret_hash BYTEA NOT NULL,
    label TEXT COLLATE "C" NOT NULL,
    -- Of a preview: the one project that it shows.
    project_id TEXT COLLATE "C" REFERENCES projects (id) ON DELETE CASCADE,
    created_by TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT
);

CREATE UNIQUE INDEX client_links_by_secret ON client_links (secret_hash);
CREATE INDEX client_links_by_client ON client_links (client_id, created_at);
CREATE UNIQUE INDEX client_links_by_preview ON client_links (client_id, project_id)
    WHERE project_id IS NOT NULL AND revoked_at IS NULL;
CREATE INDEX client_links_by_project ON client_links (project_id);

-- Who did what (domain/audit.rs). Ids of accounts and tokens refer to nothing: the events outlive them.
CREATE TABLE audit (
    id TEXT COLLATE "C" PRIMARY KEY,
    at BIGINT NOT NULL,
    event TEXT COLLATE "C" NOT NULL,
    -- Null when it was no account of ours.
    actor_account TEXT COLLATE "C",
    actor_name TEXT COLLATE "C" NOT NULL,
    -- Null when it came from inside.
    address TEXT COLLATE "C",
    subject TEXT COLLATE "C" NOT NULL,
    -- A JSON object.
    detail TEXT COLLATE "C" NOT NULL,
    -- How often it happened within the time that the row stands for.
    times BIGINT NOT NULL DEFAULT 1,
    -- 1: about no account.
    of_stranger BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX audit_by_time ON audit (at, id);
CREATE INDEX audit_by_event ON audit (event, at, id);
CREATE INDEX audit_by_account ON audit (actor_account, at, id);
CREATE INDEX audit_of_strangers ON audit (at) WHERE of_stranger = 1;
CREATE INDEX audit_by_actor ON audit (lower(actor_name), at, id);
