"""The laws and the grammar lie beside the tests."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))
