"""anyio names this module of Python, which a browser has no use for."""


class NotShareableError(Exception):
    """Only a name."""
