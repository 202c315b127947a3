-- The wide network that a request for a new password came from: where too many wait, the oldest of the largest makes room.
ALTER TABLE password_requests ADD COLUMN network TEXT NOT NULL DEFAULT '';
CREATE INDEX password_requests_by_network ON password_requests (network, id);
