"""Other people's trials."""
