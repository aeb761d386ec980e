"""Diaries of people whose doses follow a habit, on a drug that does nothing (docs/calibration.md)."""
