"""Prints the keys tables of the README."""

from tui.commands.key_tables import key_tables

print(key_tables())
