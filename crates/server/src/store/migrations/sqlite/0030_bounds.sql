-- What strangers can write as often as they like is bounded (domain/audit.rs, domain/network.rs).

-- How often it happened within the time that the row stands for.
ALTER TABLE audit ADD COLUMN times BIGINT NOT NULL DEFAULT 1;
-- 1: about no account; there are few an hour, and they are kept for a shorter time.
ALTER TABLE audit ADD COLUMN of_stranger BIGINT NOT NULL DEFAULT 0;
CREATE INDEX audit_of_strangers ON audit (at) WHERE of_stranger = 1;

-- The wide network that a request came from: where there are too many, the oldest of the largest makes room.
ALTER TABLE device_grants ADD COLUMN network TEXT NOT NULL DEFAULT '';
CREATE INDEX device_grants_pending ON device_grants (network, id) WHERE state = 'pending';

-- Counts of strangers are many: a row is as small as it can be. A key is the first 16 bytes of a keyed hash, which is made
-- of what is counted too; it is the table itself, with no second copy in an index.
CREATE TABLE limits_new (
    bucket TEXT NOT NULL,
    key BLOB NOT NULL,
    failures BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (bucket, key)
) WITHOUT ROWID;
INSERT INTO limits_new (bucket, key, failures, blocked_until, last_at)
    SELECT bucket, substr(key, 1, 16), failures, blocked_until, last_at FROM limits;
DROP TABLE limits;
ALTER TABLE limits_new RENAME TO limits;

CREATE TABLE quotas_new (
    key BLOB PRIMARY KEY NOT NULL,
    times BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
) WITHOUT ROWID;
INSERT INTO quotas_new (key, times, ends_at) SELECT substr(key, 1, 16), times, ends_at FROM quotas;
DROP TABLE quotas;
ALTER TABLE quotas_new RENAME TO quotas;
CREATE INDEX quotas_by_end ON quotas (ends_at);
