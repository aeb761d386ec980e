"""Builds nightdose as a folder of static files that runs inside a browser: `make browser`, docs/browser.md."""
