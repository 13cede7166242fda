"""Prints the keys for the documents: ``keys`` is the whole of docs/keys.md, ``summary`` the table in the README."""

import sys

from tui.commands.key_tables import keys_document, keys_summary

PARTS = {"keys": keys_document, "summary": keys_summary}

if len(sys.argv) != 2 or sys.argv[1] not in PARTS:
    sys.exit(f"usage: python -m tui.commands {'|'.join(PARTS)}")
sys.stdout.write(PARTS[sys.argv[1]]())
