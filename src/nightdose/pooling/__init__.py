"""Everybody's answers without anybody's diary."""
