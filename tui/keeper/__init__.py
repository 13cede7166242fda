"""Watches one engine, coalesces its events, and hands out one fresh Inventory. No widgets here."""

from tui.keeper.keeper import Keeper
from tui.keeper.link import Link, LinkState

__all__ = ["Keeper", "Link", "LinkState"]
