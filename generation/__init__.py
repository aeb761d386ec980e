"""Writes what follows from the model's description: the kernel's equations and docs/model.md."""
