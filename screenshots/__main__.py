"""``python -m screenshots``."""

import sys

from screenshots.take import main

sys.exit(main())
