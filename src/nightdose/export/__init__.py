"""An answer for other programs."""
