"""Palettes: the one place where a colour value may stand.

Only names live here, so that the command line can check ``--theme`` without loading Textual;
``themes.palettes`` holds the colours.
"""

NAMES: tuple[str, ...] = ("orlop-dark", "orlop-light", "orlop-contrast", "orlop-mono")
"""The themes orlop brings, in the order ``t`` steps through them."""

DEFAULT = NAMES[0]
