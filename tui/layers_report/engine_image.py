"""An image of an engine as the subject of a report."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from argparse import Namespace
from urllib.parse import urlsplit

from tui import locations
from tui.contents.layer_cache import LayerCache
from tui.contents.reading import OnReading
from tui.engine.endpoints import Target, resolve
from tui.engine.errors import EngineError
from tui.engine.port import Engine
from tui.engine.probe import Probe
from tui.keeper.layer_shelf import LayerShelf
from tui.layers_report.report import Subject
from tui.signals import OrderlyExit


def read_image(arguments: Namespace, on_reading: OnReading) -> Subject:
    """Read the layers of the image that ``arguments`` name, from the engine they name.

    Raises:
        EngineError: the engine, the image or its layers can't be had.
    """
    with OrderlyExit(), contextlib.ExitStack() as stack:
        # The made-up world's layers may differ from one version of orlop to the next, under the same diff IDs.
        cache = LayerCache(None)
        if arguments.demo:
            engine = _demo()
        else:
            try:
                engine = _engine(arguments, stack)
                cache = LayerCache(locations.layer_cache_folder())
            except EngineError:
                if not arguments.demo_if_no_engine:
                    raise
                engine = _demo()
        return asyncio.run(_read(engine, arguments.subject, cache, on_reading))


async def _read(engine: Engine, name: str, cache: LayerCache, on_reading: OnReading) -> Subject:
    try:
        detail = await engine.image_detail(name)
        files = await LayerShelf(engine, cache).layers(detail, on_reading)
    finally:
        await engine.close()
    place = f"{engine.endpoint.url} ({engine.endpoint.source})"
    return Subject("image", name, place, detail.id, detail.tags, detail.layers, files)


def _demo() -> Engine:
    from tui.engine.demo.engine import DemoEngine  # noqa: PLC0415 - only one of the two engines is loaded

    return DemoEngine(read_only=True)


def _engine(arguments: Namespace, stack: contextlib.ExitStack) -> Engine:
    target = resolve(arguments.host, arguments.context)
    probe = Probe(target.endpoint)
    if probe.failure:
        raise probe.failure
    from tui.engine.docker_engine import DockerEngine  # noqa: PLC0415 - as above; and the probe connects meanwhile

    connect_to = _tunnelled(target, stack)
    if probe.failure:
        raise probe.failure
    return DockerEngine(target.endpoint, read_only=True, tls=target.tls, connect_to=connect_to)


def _tunnelled(target: Target, stack: contextlib.ExitStack) -> str:
    """Where an ``ssh://`` engine is reached from here; empty for any other. ssh asks nothing where nobody answers."""
    if urlsplit(target.endpoint.url).scheme != "ssh":
        return ""
    from tui.engine.tunnel import Tunnel  # noqa: PLC0415 - few engines are behind ssh

    asks = sys.stdin is not None and sys.stdin.isatty() and sys.stderr is not None and sys.stderr.isatty()
    tunnel = Tunnel.open(target.endpoint, interactive=asks)
    stack.callback(tunnel.close)
    return tunnel.url
