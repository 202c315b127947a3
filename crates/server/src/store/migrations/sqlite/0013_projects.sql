-- What is worked on, for whom, and who may look at it (domain/project.rs, domain/client.rs).

CREATE TABLE clients (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    -- The name without regard to case, by Unicode (domain/text.rs): what a search compares.
    name_folded TEXT NOT NULL,
    slug TEXT NOT NULL,
    -- 1: may come in.
    active BIGINT NOT NULL,
    -- The id of the project whose previews it is for, when it was made for them.
    preview_of TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX clients_by_slug ON clients (slug);
CREATE UNIQUE INDEX clients_by_preview ON clients (preview_of);
CREATE INDEX clients_by_name ON clients (name_folded, id);

CREATE TABLE projects (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    status TEXT NOT NULL,
    summary TEXT NOT NULL,
    client_id TEXT REFERENCES clients (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL,
    -- When it, or one of its updates, was last changed.
    updated_at BIGINT NOT NULL
);

CREATE INDEX projects_by_time ON projects (updated_at, id);
CREATE INDEX projects_by_client ON projects (client_id, updated_at);

-- What the client reads.
CREATE TABLE project_updates (
    id TEXT PRIMARY KEY NOT NULL,
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    body TEXT NOT NULL,
    -- Who wrote it, as people called them then.
    author TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    edited_at BIGINT
);

CREATE INDEX project_updates_by_project ON project_updates (project_id, created_at);

CREATE TABLE project_members (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (project_id, account_id)
);

CREATE INDEX project_members_by_account ON project_members (account_id);

-- Magic links, and the tokens of previews, whose secret nobody has. An open portal names one of these.
CREATE TABLE client_links (
    id TEXT PRIMARY KEY NOT NULL,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    -- SHA-256 of the secret.
    secret_hash BLOB NOT NULL,
    label TEXT NOT NULL,
    -- Of a preview: the one project that it shows.
    project_id TEXT REFERENCES projects (id) ON DELETE CASCADE,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT
);

CREATE UNIQUE INDEX client_links_by_secret ON client_links (secret_hash);
CREATE INDEX client_links_by_client ON client_links (client_id, created_at);
-- A client has one token a previewed project.
CREATE UNIQUE INDEX client_links_by_preview ON client_links (client_id, project_id)
    WHERE project_id IS NOT NULL AND revoked_at IS NULL;

-- What somebody looked at last: the default of their devices. It refers to nothing: what is gone is no default.
ALTER TABLE accounts ADD COLUMN last_project_id TEXT;
