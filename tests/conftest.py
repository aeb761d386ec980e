"""For every test: never judged by the clock, so that a busy machine fails nothing; nobody's own files are touched."""

import os
import tempfile

from hypothesis import HealthCheck, settings

# The same examples for everybody, so that a change is judged by itself; `make validate` searches on with new ones.
settings.register_profile("same", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("search", settings.get_profile("same"), derandomize=False)
settings.load_profile("same")

# the key that signs letters is made at first use: here in a folder that is thrown away
_own_data = tempfile.TemporaryDirectory(prefix="nightdose-tests-", ignore_cleanup_errors=True)
os.environ["XDG_DATA_HOME"] = _own_data.name
