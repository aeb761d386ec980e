"""What is measured, and how: each file says its command.

Nothing of nightdose is imported here: the rivals read the bench's diaries in environments that do not have it.
"""

import os

for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(variable, "1")  # one thread for small matrices, as every command and every rival has
