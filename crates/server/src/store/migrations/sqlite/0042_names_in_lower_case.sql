-- What the audit log is searched for without regard to the case of ASCII is compared in lower case, as PostgreSQL does it too.
DROP INDEX audit_by_actor;
CREATE INDEX audit_by_actor ON audit (lower(actor_name), at, id);
