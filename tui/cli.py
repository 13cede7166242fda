"""The command line: what can be asked for, and in which words.

``--help``, ``--version`` and wrong usage are answered from here alone; what does the work is
imported once it is known that it is wanted, which is why that import stands in a function.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import themes
import tui
from tui import exit_codes

_EPILOG = f"""\
Without --host or --context the engine is the one the docker command would use: DOCKER_HOST,
DOCKER_CONTEXT, the current docker context, then the default socket. An engine at
ssh://user@host is reached through your own ssh.

Exit codes: {exit_codes.OK} left as asked; {exit_codes.NO_ENGINE} no engine could be had;
{exit_codes.USAGE} wrong usage, or no terminal to draw on.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command ``orlop`` and return its exit code.

    Args:
        argv: the arguments without the command's name; ``None`` for the process's own.

    Raises:
        SystemExit: for ``--help``, ``--version``, wrong usage and signals.
    """
    arguments = build_parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except KeyboardInterrupt:
        return exit_codes.INTERRUPTED


def build_parser() -> argparse.ArgumentParser:
    """The parser of all flags. What it parses has ``run``: what to call with it for an exit code."""
    parser = argparse.ArgumentParser(
        prog="orlop",
        description="Explore what Docker stores: images, containers, volumes.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"orlop {tui.__version__}", help="print the version")
    _add_engine_options(parser)
    parser.add_argument("--theme", choices=themes.NAMES, metavar="NAME", help=f"one of {', '.join(themes.NAMES)}")
    parser.set_defaults(run=_explore)
    return parser


def _add_engine_options(parser: argparse.ArgumentParser) -> None:
    """The flags that choose an engine; everything the command learns to do besides will need them too."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--host", metavar="URL", help="the engine's address: unix://, tcp:// or ssh://")
    where.add_argument("--context", metavar="NAME", help="the docker context that names the engine")
    where.add_argument("--demo", action="store_true", help="a made-up world in place of an engine")
    # For `make run`, so that a first look never ends in an error. Left out of the help: whoever has
    # an engine wants to be told when it is away.
    parser.add_argument("--demo-if-no-engine", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--read-only", action="store_true", help="take away every key that changes or deletes")


def _explore(arguments: argparse.Namespace) -> int:
    from tui.launch import Launch

    return Launch(
        host=arguments.host,
        context=arguments.context,
        demo=arguments.demo,
        demo_if_no_engine=arguments.demo_if_no_engine,
        read_only=arguments.read_only,
        theme=arguments.theme,
    ).run()
