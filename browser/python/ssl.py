"""Pyodide comes without ssl, and anyio wants to name it: there are no sockets here that could be secured."""

from __future__ import annotations


class SSLContext:
    """Only a name."""


class SSLError(OSError):
    """Only a name."""
