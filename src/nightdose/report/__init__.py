"""From an answer to words and pictures."""
