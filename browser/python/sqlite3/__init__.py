"""Pyodide comes without sqlite3: the same interface, from pysqlite3."""

from pysqlite3.dbapi2 import *
