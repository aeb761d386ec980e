"""For every test: never judged by the clock, so that a busy machine fails nothing; nobody's own files are touched."""

import os
import tempfile

from hypothesis import HealthCheck, settings

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

# the key that signs letters is made at first use: here in a folder that is thrown away
_own_data = tempfile.TemporaryDirectory(prefix="nightdose-tests-", ignore_cleanup_errors=True)
os.environ["XDG_DATA_HOME"] = _own_data.name
