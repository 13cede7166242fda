"""What the command's exit code says. A signal's is 128 and its number, as shells have it."""

OK = 0
NO_ENGINE = 1
"""No engine could be had."""
USAGE = 2
"""Wrong usage: flags that make no sense, or no terminal to draw on."""
INTERRUPTED = 130
"""Ctrl-C before there was an app to take it."""
