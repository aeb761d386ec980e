"""An answer as one page for a doctor, always laid out alike, with everything needed to recompute it."""
