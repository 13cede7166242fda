"""An image of an engine as the subject of a report."""

from __future__ import annotations

import asyncio
import contextlib
from argparse import Namespace

from tui import locations
from tui.contents.layer_cache import LayerCache
from tui.contents.reading import OnReading
from tui.engine.errors import NotFoundError
from tui.engine.port import Engine
from tui.headless.engine_access import open_engine
from tui.keeper.layer_shelf import LayerShelf
from tui.layers_report.report import Subject
from tui.signals import OrderlyExit

_CHECK_NAME = "Check its name: docker image ls lists those there are."


def read_image(arguments: Namespace, on_reading: OnReading) -> Subject:
    """Read the layers of the image that ``arguments`` name, from the engine they name.

    Raises:
        EngineError: the engine, the image or its layers can't be had.
    """
    with OrderlyExit(), contextlib.ExitStack() as stack:
        # The made-up world's layers may differ from one version of orlop to the next, under the same diff IDs.
        cache = LayerCache(None)
        engine = open_engine(arguments, stack)
        if not engine.endpoint.made_up:
            cache = LayerCache(locations.layer_cache_folder())
        return asyncio.run(_read(engine, arguments.subject, cache, on_reading))


async def _read(engine: Engine, name: str, cache: LayerCache, on_reading: OnReading) -> Subject:
    try:
        try:
            detail = await engine.image_detail(name)
        except NotFoundError as error:  # there is nothing here that could be refreshed
            raise NotFoundError(error.message, _CHECK_NAME) from error
        files = await LayerShelf(engine, cache).layers(detail, on_reading)
    finally:
        await engine.close()
    place = f"{engine.endpoint.url} ({engine.endpoint.source})"
    return Subject("image", name, place, detail.id, detail.tags, detail.layers, files, detail.platform)
