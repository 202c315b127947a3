-- An index for the condition of every statement that runs for a visitor, and of every sweep: no cost grows with the number
-- of accounts, sessions or tokens.

-- The account of the first start, if it still has its password: at most one row.
CREATE INDEX accounts_initial ON accounts (id) WHERE password_is_initial = 1;
-- The first operator, whom a temporary token signs in.
CREATE INDEX accounts_by_role ON accounts (role, status, created_at, id);

-- What the sweeps remove.
CREATE INDEX sessions_by_last_use ON sessions (last_seen_at);
CREATE INDEX sessions_by_beginning ON sessions (created_at);
CREATE INDEX sessions_by_kind ON sessions (began_with, created_at);
CREATE INDEX totp_enrolments_by_end ON totp_enrolments (expires_at);
CREATE INDEX challenges_by_end ON challenges (expires_at);
CREATE INDEX trusted_devices_by_end ON trusted_devices (expires_at);
CREATE INDEX login_tokens_by_use ON login_tokens (used_at, expires_at);
CREATE INDEX email_changes_by_end ON email_changes (expires_at);
CREATE INDEX password_resets_by_end ON password_resets (expires_at);
CREATE INDEX access_tokens_by_end ON access_tokens (expires_at);
CREATE INDEX refresh_tokens_by_end ON refresh_tokens (expires_at);
CREATE INDEX refresh_tokens_by_rotation ON refresh_tokens (rotated_at) WHERE successor IS NOT NULL;
CREATE INDEX device_tokens_by_revocation ON device_tokens (revoked_at);
CREATE INDEX device_tokens_untold ON device_tokens (end_told, expires_at);
CREATE INDEX device_nonces_by_end ON device_nonces (expires_at);

-- What refers to a row that may go: its removal looks for them.
CREATE INDEX challenges_by_identity ON challenges (identity_id);
CREATE INDEX login_tokens_by_account ON login_tokens (account_id);
CREATE INDEX device_tokens_by_account ON device_tokens (account_id);
CREATE INDEX client_links_by_project ON client_links (project_id);

-- The workspaces of an operator's devices, by name.
CREATE INDEX projects_by_name ON projects (name_folded, id);
