"""A kind of record married to a widget."""
