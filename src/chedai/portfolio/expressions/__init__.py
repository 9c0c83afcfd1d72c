"""The definitions once more as Ibis expressions: the same text on DuckDB, Polars and Spark.

Ibis asks for a patch of Arrow before 14.0.1 on import; the Arrow of this program is later and has
it. An empty module stands in for the patch where it is not installed.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from types import ModuleType

if find_spec("pyarrow_hotfix") is None:
    sys.modules.setdefault("pyarrow_hotfix", ModuleType("pyarrow_hotfix"))
