"""How many examples hypothesis tries: all in `make test-all`, a quarter in `make test`, which people wait for."""

from __future__ import annotations

import os

ALL = os.environ.get("ORLOP_TEST_EXAMPLES") == "all"
"""Set by `make test-all`."""
_USUAL = 100


def examples(number: int = _USUAL) -> int:
    """Of ``number`` examples, those to try in this run; never fewer than 20, unless there are not so many."""
    return number if ALL else max(min(20, number), number // 4)
