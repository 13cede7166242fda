"""Layout, focus and routing."""
