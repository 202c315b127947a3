-- Who did what (domain/audit.rs). Ids of accounts and tokens refer to nothing: the events outlive them.
CREATE TABLE audit (
    id TEXT PRIMARY KEY NOT NULL,
    at BIGINT NOT NULL,
    event TEXT NOT NULL,
    -- Null when it was no account of ours.
    actor_account TEXT,
    actor_name TEXT NOT NULL,
    -- Null when it came from inside.
    address TEXT,
    subject TEXT NOT NULL,
    -- A JSON object.
    detail TEXT NOT NULL
);

CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_by_event ON audit (event, at);
CREATE INDEX audit_by_account ON audit (actor_account, at);
