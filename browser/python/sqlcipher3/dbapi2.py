"""The names that a diary's store asks for."""

from pysqlite3.dbapi2 import *
