"""Words and numbers as a reader has them: one place for every phrase to pass through, whatever the language."""
