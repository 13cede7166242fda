"""The lab of the contract tests, twice: what holds for the demo engine has to hold for a real one."""

from __future__ import annotations

from tests.engine.contract.conftest import engine, lab

__all__ = ["engine", "lab"]
