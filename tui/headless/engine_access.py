"""Reaching the engine that flags name, without a screen."""

from __future__ import annotations

import contextlib
import sys
from argparse import Namespace
from urllib.parse import urlsplit

from tui.engine.endpoints import Target, resolve
from tui.engine.errors import EngineError
from tui.engine.port import Engine
from tui.engine.probe import Probe


def open_engine(arguments: Namespace, stack: contextlib.ExitStack, *, read_only: bool = True) -> Engine:
    """The engine that ``arguments`` (host, context, demo, demo_if_no_engine) name; the caller closes it.

    Args:
        arguments: the flags.
        stack: closes the tunnel, if it takes one.
        read_only: True when nothing will be changed.

    Raises:
        EngineError: it can't be had.
    """
    if arguments.demo:
        return _demo(read_only=read_only)
    try:
        return _engine(arguments, stack, read_only=read_only)
    except EngineError:
        if not arguments.demo_if_no_engine:
            raise
        return _demo(read_only=read_only)


def _demo(*, read_only: bool) -> Engine:
    from tui.engine.demo.engine import DemoEngine  # noqa: PLC0415 - only one of the two engines is loaded

    return DemoEngine(read_only=read_only)


def _engine(arguments: Namespace, stack: contextlib.ExitStack, *, read_only: bool) -> Engine:
    target = resolve(arguments.host, arguments.context)
    probe = Probe(target.endpoint)
    if probe.failure:
        raise probe.failure
    from tui.engine.docker_engine import DockerEngine  # noqa: PLC0415 - as above; and the probe connects meanwhile

    connect_to = _tunnelled(target, stack)
    if probe.failure:
        raise probe.failure
    return DockerEngine(target.endpoint, read_only=read_only, tls=target.tls, connect_to=connect_to)


def _tunnelled(target: Target, stack: contextlib.ExitStack) -> str:
    """Where an ``ssh://`` engine is reached from here; empty for any other. ssh asks nothing where nobody answers."""
    if urlsplit(target.endpoint.url).scheme != "ssh":
        return ""
    from tui.engine.tunnel import Tunnel  # noqa: PLC0415 - few engines are behind ssh

    asks = sys.stdin is not None and sys.stdin.isatty() and sys.stderr is not None and sys.stderr.isatty()
    tunnel = Tunnel.open(target.endpoint, interactive=asks)
    stack.callback(tunnel.close)
    return tunnel.url
