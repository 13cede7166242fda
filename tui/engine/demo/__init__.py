"""An engine without Docker: the Engine protocol over a small made-up world that really changes."""
