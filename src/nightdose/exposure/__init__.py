"""From doses to exposure."""
