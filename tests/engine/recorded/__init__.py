"""Answers of real engines, as they came, for the decoding tests. One folder per engine; ``record.py`` makes them."""
