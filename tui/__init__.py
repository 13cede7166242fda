"""orlop: a terminal explorer for what Docker stores."""

__version__ = "0.1.0"
