-- Lists and counts of one status; those of archived projects above all, which all other lists leave out.
CREATE INDEX projects_by_status ON projects (status, updated_at, id);
