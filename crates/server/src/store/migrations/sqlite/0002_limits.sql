-- Failures, counted: one row a bucket and key (domain/limits.rs). Stored, so that a restart or a second server forgives
-- nothing.
CREATE TABLE limits (
    bucket TEXT NOT NULL,
    -- A keyed hash of what is counted.
    key BLOB NOT NULL,
    failures BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (bucket, key)
);
