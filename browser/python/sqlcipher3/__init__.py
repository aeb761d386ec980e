"""The encrypting twin of sqlite3; here both are one module, which reads and writes SQLCipher's format."""
