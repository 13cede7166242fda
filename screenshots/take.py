"""Take all pictures: ``python -m screenshots.take [FOLDER]``."""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from screenshots.scenes import SCENES, Scene
from screenshots.stage import stage

FOLDER = Path(__file__).parent
"""Where the README's pictures lie."""

_UNIQUE = re.compile(r"terminal-\d+")
"""What the SVG's names begin with: a checksum of everything in it."""


async def take(scene: Scene) -> str:
    """Play one scene and return its picture, as SVG."""
    async with stage(columns=scene.columns, rows=scene.rows, theme=scene.theme) as found:
        await scene.act(found)
        # The checksum would change on every line whenever anything changes; one picture needs no unique names.
        picture = _UNIQUE.sub("orlop", found.picture())
        # Some viewers (librsvg's) would drop the spaces that a piece of text begins with.
        return picture.replace("<svg ", '<svg xml:space="preserve" ', 1)


async def take_all(folder: Path) -> list[Path]:
    """Take every picture into *folder*."""
    taken = []
    for scene in SCENES:
        path = folder / f"{scene.name}.svg"
        path.write_text(await take(scene), encoding="utf-8")
        taken.append(path)
    return taken


def main(argv: Sequence[str] | None = None) -> int:
    """Take every picture anew."""
    parser = argparse.ArgumentParser(prog="python -m screenshots", description="Take the pictures of the README anew.")
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="where to (default: beside the script)")
    folder: Path = parser.parse_args(argv).folder
    folder.mkdir(parents=True, exist_ok=True)
    for path in asyncio.run(take_all(folder)):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
