"""Textual widgets that know text, numbers and colour roles, and have never heard of Docker."""
