"""The diary that is kept in one file on this machine."""
