"""What the command's exit code says. A signal's is 128 and its number, as shells have it."""

OK = 0
NO_ENGINE = 1
"""No engine could be had for the explorer."""
RULE_FAILED = 1
"""``orlop layers``: what was read does not keep to a rule. There, no engine is :data:`NOT_READ`, so that a build can
tell a bad image from a bad connection."""
NOT_ALL = 1
"""``orlop clean``: something of the plan was not removed; the receipt says what and why."""
USAGE = 2
"""Wrong usage: flags that make no sense, or no terminal to draw on."""
NOT_READ = 3
"""``orlop files`` and ``orlop layers``: the image or the archive can't be had or read;
``orlop df``, ``plan`` and ``clean``: the engine can't be had."""
NOT_WRITTEN = 4
"""Everything was done, but what came of it can't be written to stdout, such as to a full disk."""
INTERRUPTED = 130
"""Ctrl-C, and no app to take it."""
READER_GONE = 141
"""Whoever read the output went away (as ``head`` does), which shells count as SIGPIPE."""
