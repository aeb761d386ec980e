"""What is measured, and how: each file says its command."""

import os

from nightdose.cli.main import LINEAR_ALGEBRA_THREADS

for variable in LINEAR_ALGEBRA_THREADS:  # one thread for small matrices, as every command and every rival has
    os.environ.setdefault(variable, "1")
