"""From exposure to body to score."""
