"""Wheels of nightdose for Linux, built and tried on one machine."""
