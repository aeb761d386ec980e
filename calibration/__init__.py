"""Fits the mechanism to published values; reruns with `python -m calibration`."""
