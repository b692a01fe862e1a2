"""``python -m rag`` is the ``reportqa`` command."""

import sys

from rag.cli import main

sys.exit(main())
