"""What syncd remembers, on SQLAlchemy Core: a Store is a database, a WorkspaceStore the rows of one workspace."""
