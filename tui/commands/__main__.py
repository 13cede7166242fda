"""Prints the keys table of the README."""

from tui.commands.catalogue import keys_table

print(keys_table())
