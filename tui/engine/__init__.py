"""Engines behind one protocol: the real one over the Docker SDK, and the demo world."""
