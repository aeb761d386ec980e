"""What is known, with its sources."""
