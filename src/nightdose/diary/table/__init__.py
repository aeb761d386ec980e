"""A table, one row a day, read."""
