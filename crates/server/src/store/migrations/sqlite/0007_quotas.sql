-- How often something was done within a window of time: one row a quota and key (domain/quota.rs). Stored, so that a
-- restart or a second server forgets nothing.
CREATE TABLE quotas (
    quota TEXT NOT NULL,
    -- A keyed hash of whose it is.
    key BLOB NOT NULL,
    times BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (quota, key)
);

CREATE INDEX quotas_by_end ON quotas (ends_at);
