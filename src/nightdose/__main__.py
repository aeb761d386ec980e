"""`python -m nightdose` is the command line."""

import sys

from nightdose.cli import main

sys.exit(main())
