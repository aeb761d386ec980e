"""As much of argon2-cffi as the vault of a diary asks for."""
