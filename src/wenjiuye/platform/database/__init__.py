"""The database: the embedded server, its roles, what is checked at start."""
