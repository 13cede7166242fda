"""The README's pictures show the app as it is: every scene, taken again, gives the committed picture."""

from __future__ import annotations

import pytest

from screenshots.scenes import SCENES, Scene
from screenshots.take import FOLDER, take

OFTEN = ("main", "plan", "small")
"""Those that nearly every change would show in; the others are taken again in `make test-all`."""


@pytest.mark.parametrize(
    "scene",
    [pytest.param(scene, marks=() if scene.name in OFTEN else pytest.mark.slow, id=scene.name) for scene in SCENES],
)
async def test_picture_is_current(scene: Scene) -> None:
    committed = (FOLDER / f"{scene.name}.svg").read_text(encoding="utf-8")
    # Not compared by pytest: its account of how two SVGs differ takes minutes.
    assert (await take(scene) == committed) is True, f"{scene.name}.svg is out of date: run `make screenshots`"


def test_no_picture_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.svg")} == {scene.name for scene in SCENES}
