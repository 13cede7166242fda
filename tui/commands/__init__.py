"""One class per command: its key, its words, when it applies, and what it asks the desk for."""
