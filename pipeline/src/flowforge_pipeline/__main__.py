"""``python -m flowforge_pipeline``."""

import sys

from flowforge_pipeline.cli import main

sys.exit(main())
