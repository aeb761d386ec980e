"""What should happen."""
