"""What every failure that a user hears of has in common: two sentences."""

from __future__ import annotations


class ToldError(Exception):
    """Something was asked for and did not happen. Each room that can fail has one family of these.

    Args:
        message: one plain sentence that names the thing.
        next_step: one plain sentence on what the user can do; may be empty.
    """

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()
