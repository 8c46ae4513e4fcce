"""``python -m bcsim`` is ``bcsim``."""

from __future__ import annotations

import sys

from bcsim.cli.app import main

sys.exit(main())
