"""A case becomes an estimate."""
