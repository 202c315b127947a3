-- Pages of the audit log: each filter in the order that is shown, so that no page is sorted.
DROP INDEX audit_by_time;
DROP INDEX audit_by_event;
DROP INDEX audit_by_account;
CREATE INDEX audit_by_time ON audit (at, id);
CREATE INDEX audit_by_event ON audit (event, at, id);
CREATE INDEX audit_by_account ON audit (actor_account, at, id);
CREATE INDEX audit_by_actor ON audit (actor_name COLLATE NOCASE, at, id);
