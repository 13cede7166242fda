"""The command line: what can be asked for, and in which words.

``--help``, ``--version`` and wrong usage are answered from here alone; what does the work is
imported once it is known that it is wanted, which is why that import stands in a function.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

import themes
import tui
from tui import exit_codes

if TYPE_CHECKING:
    # For annotations only: `orlop --help` has no use for it.
    from tui.launch import Launch

_EPILOG = f"""\
Without --host or --context the engine is the one the docker command would use: DOCKER_HOST,
DOCKER_CONTEXT, the current docker context, then the default socket. An engine at
ssh://user@host is reached through your own ssh.

Exit codes: {exit_codes.OK} left as asked; {exit_codes.NO_ENGINE} no engine could be had;
{exit_codes.USAGE} wrong usage, or no terminal to draw on. `orlop COMMAND --help`
says what a command's mean.
"""

_FILES_EPILOG = f"""\
IMAGE|FILE is told apart as by `orlop layers`: a file when there is one of that name, or when it can
be nothing else; otherwise an image of the engine.

Exit codes: {exit_codes.OK} left as asked; {exit_codes.NO_ENGINE} no engine could be had;
{exit_codes.USAGE} wrong usage, or no terminal to draw on;
{exit_codes.NOT_READ} the image or the archive can't be had or read.
"""

_LAYERS_EPILOG = f"""\
IMAGE|FILE is a file when there is one of that name, or when it begins like a path (./x, /x) or
ends like an archive (.tar); otherwise it is an image of the engine.

A file .dive-ci in the current folder sets the rules, as it does for dive, and dive's defaults stand
in for those it does not name: efficiency 0.9, user-wasted 0.1, wasted bytes disabled. A flag goes
before the file. Without a file, a flag or --ci nothing is held to any rule.

Exit codes: {exit_codes.OK} it was read, and every rule holds; {exit_codes.RULE_FAILED} a rule fails;
{exit_codes.USAGE} wrong usage, or a rules file that makes no sense; {exit_codes.NOT_READ} it can't be had or read;
{exit_codes.NOT_WRITTEN} the report can't be written to stdout, as on a full disk;
{exit_codes.INTERRUPTED} interrupted with Ctrl-C.
"""

_DF_EPILOG = f"""\
Exit codes: {exit_codes.OK} it was read; {exit_codes.USAGE} wrong usage; {exit_codes.NOT_READ} the engine can't be had;
{exit_codes.NOT_WRITTEN} the report can't be written to stdout, as on a full disk;
{exit_codes.INTERRUPTED} interrupted with Ctrl-C.
"""

_PLAN_EPILOG = f"""\
Sets are added up; the rules `protect` in the preferences keep things out of all of them. --older-than
narrows --unused, --stopped and --cache; alone it stands for --unused. --keep with --unused leaves the
newest N tags of every repository alone; alone it plans the others' unused tags. Nothing is deleted:
`orlop plan --json > plan.json` saves the plan, `orlop clean plan.json --yes` carries it out.

Exit codes: {exit_codes.OK} the plan was printed, even an empty one; {exit_codes.USAGE} wrong usage, or no such object;
{exit_codes.NOT_READ} the engine can't be had; {exit_codes.NOT_WRITTEN} the plan can't be written to stdout;
{exit_codes.INTERRUPTED} interrupted with Ctrl-C.
"""

_CLEAN_EPILOG = f"""\
Only what PLAN lists as ready is removed, by whole ID, each after a look whether it still is what was
planned; what has changed is skipped. Every step is written to the journal first. Ctrl-C finishes the
step under way. Progress goes to stderr, where that is a terminal; the receipt to stdout.

Exit codes: {exit_codes.OK} everything planned was removed; {exit_codes.NOT_ALL} something was skipped or failed,
see the receipt; {exit_codes.USAGE} refused: wrong usage, a bad plan, another engine's plan, no --yes, read only;
{exit_codes.NOT_READ} the engine can't be had; {exit_codes.NOT_WRITTEN} the receipt can't be written to stdout,
as on a full disk: the journal has it;
{exit_codes.INTERRUPTED} interrupted with Ctrl-C or SIGTERM.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command ``orlop`` and return its exit code.

    Args:
        argv: the arguments without the command's name; ``None`` for the process's own.

    Raises:
        SystemExit: for ``--help``, ``--version``, wrong usage and signals.
    """
    parser = build_parser()
    arguments = parser.parse_args(argv)
    chosen = [flag for flag in ("host", "context", "demo") if getattr(arguments, flag) not in {None, False}]
    if len(chosen) > 1:  # One before the command and one behind it: argparse looks at each side alone.
        parser.error(f"argument --{chosen[1]}: not allowed with argument --{chosen[0]}")
    try:
        return int(arguments.run(arguments))
    except KeyboardInterrupt:
        return exit_codes.INTERRUPTED


class _Parser(argparse.ArgumentParser):
    """argparse repeats wrong arguments as they are: a script may have passed on what could act on the terminal."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, harmlessly, and end."""
        from widgets.literal import literal

        super().error(literal(message))


def build_parser() -> argparse.ArgumentParser:
    """The parser of all flags. What it parses has ``run``: what to call with it for an exit code."""
    parser: argparse.ArgumentParser = _Parser(
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
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    _add_files_command(commands)
    _add_layers_command(commands)
    _add_df_command(commands)
    _add_plan_command(commands)
    _add_clean_command(commands)
    return parser


def _add_engine_options(parser: argparse.ArgumentParser, *, command: bool = False) -> None:
    """The flags that choose an engine. They may stand before a command and behind it.

    Args:
        parser: the whole one, or a command's.
        command: True for a command's: what it is not told leaves alone what was said before the command.
    """
    unsaid = argparse.SUPPRESS if command else None
    off = argparse.SUPPRESS if command else False
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--host", metavar="URL", default=unsaid, help="the engine's address: unix://, tcp:// or ssh://")
    where.add_argument("--context", metavar="NAME", default=unsaid, help="the docker context that names the engine")
    where.add_argument("--demo", action="store_true", default=off, help="a made-up world in place of an engine")
    # For `make run`, so that a first look never ends in an error. Left out of the help: whoever has
    # an engine wants to be told when it is away.
    parser.add_argument("--demo-if-no-engine", action="store_true", default=off, help=argparse.SUPPRESS)
    if not command:
        parser.add_argument("--read-only", action="store_true", help="take away every key that changes or deletes")


def _add_files_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "files",
        help="open the explorer at the files of an image, or of an archive file",
        description="Open the explorer at the files of an image; of an archive file, without any engine.",
        epilog=_FILES_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("subject", metavar="IMAGE|FILE", help="an image of the engine, or what `docker save` wrote")
    parser.add_argument("--image", metavar="NAME", help="which image of an archive that holds several")
    _add_engine_options(parser, command=True)
    parser.set_defaults(run=_explore_files)


def _add_layers_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "layers",
        help="report what an image or an archive file stores, shows and wastes",
        description="Report what an image, or an archive file made of one, stores, shows and wastes.",
        epilog=_LAYERS_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("subject", metavar="IMAGE|FILE", help="an image of the engine, or what `docker save` wrote")
    parser.add_argument("--image", metavar="NAME", help="which image of an archive that holds several")
    parser.add_argument("--json", action="store_true", help="a JSON document in place of text")
    _add_engine_options(parser, command=True)
    rules = parser.add_argument_group("rules")
    files = rules.add_mutually_exclusive_group()
    files.add_argument("--rules", metavar="FILE", help="a file of rules, in place of .dive-ci")
    files.add_argument("--no-rules", action="store_true", help="use no file of rules, not even .dive-ci")
    rules.add_argument("--ci", action="store_true", help="hold it to dive's defaults when there is no file of rules")
    rules.add_argument("--lowest-efficiency", metavar="RATIO", help="visible over stored bytes, such as 0.95")
    rules.add_argument("--highest-wasted-bytes", metavar="SIZE", help="such as 20MB, 1.5GiB or 123")
    rules.add_argument(
        "--highest-user-wasted-percent",
        metavar="RATIO",
        help="wasted bytes over those of all layers but the lowest, such as 0.1; each may be `disabled`",
    )
    parser.set_defaults(run=_report_layers)


def _add_df_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "df",
        help="say what the engine keeps, exactly, beside what `docker system df` says",
        description="Say what the engine keeps, beside what `docker system df` says, and what would make room.",
        epilog=_DF_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--json", action="store_true", help="a JSON document in place of text")
    _add_engine_options(parser, command=True)
    parser.set_defaults(run=_report_usage)


def _add_plan_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "plan",
        help="print what would go and what that frees, and delete nothing",
        description="Print what would go, in which order, and what that frees. Deletes nothing.",
        epilog=_PLAN_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    sets = parser.add_argument_group("sets")
    for flag, words in (
        ("--dangling", "images without a tag that no container uses"),
        ("--unused", "images that no container uses, running or not"),
        ("--stopped", "containers that have run and don't any more"),
        ("--never-started", "containers that were created and never started"),
        ("--anonymous-volumes", "volumes that the engine named and no container mounts"),
        ("--named-volumes", "volumes with a name of their own that no container mounts: look twice"),
        ("--cache", "build cache that no build uses"),
        ("--leftovers", "what orlop made for itself and could not take away again"),
    ):
        sets.add_argument(flag, action="store_true", help=words)
    sets.add_argument("--older-than", metavar="AGE", help="only what is older, such as 36h, 30d or 2w")
    sets.add_argument("--keep", metavar="N", type=int, help="leave the newest N tags of every repository alone")
    objects = parser.add_argument_group("objects")
    objects.add_argument(
        "--image", metavar="NAME", action="append", help="a tag, or an image by its ID; may be repeated"
    )
    objects.add_argument("--container", metavar="NAME", action="append", help="a container by name or ID")
    objects.add_argument("--volume", metavar="NAME", action="append", help="a volume by name")
    parser.add_argument("--json", action="store_true", help="the plan as a JSON document, for `orlop clean`")
    _add_engine_options(parser, command=True)
    parser.set_defaults(run=_print_plan)


def _add_clean_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "clean",
        help="carry out a saved plan",
        description="Carry out a plan that `orlop plan --json` wrote, and nothing else.",
        epilog=_CLEAN_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("plan", metavar="PLAN", help="the file, or - for stdin")
    parser.add_argument("--yes", action="store_true", help="remove what the plan lists as ready")
    parser.add_argument(
        "--back-up-volumes", action="store_true", help="back every volume up before it goes, or keep it"
    )
    parser.add_argument("--json", action="store_true", help="the receipt as a JSON document")
    parser.add_argument("--read-only", action="store_true", default=argparse.SUPPRESS, help="refuse to remove anything")
    _add_engine_options(parser, command=True)
    parser.set_defaults(run=_clean)


def _explore(arguments: argparse.Namespace) -> int:
    return _launch(arguments).run()


def _explore_files(arguments: argparse.Namespace) -> int:
    from tui.contents.errors import NoSuchFileError
    from tui.launch import complain
    from tui.layers_report.which import WrongUsageError, what_is_meant

    try:
        which = what_is_meant(arguments)
    except WrongUsageError as error:
        return complain(str(error), exit_codes.USAGE)
    except NoSuchFileError as error:
        return complain(str(error), exit_codes.NOT_READ)
    if which.file is not None:
        return _launch(arguments).show_archive(which.file, arguments.image)
    return _launch(arguments, files_of=arguments.subject).run()


def _launch(arguments: argparse.Namespace, files_of: str = "") -> Launch:
    from tui.launch import Launch

    return Launch(
        host=arguments.host,
        context=arguments.context,
        demo=arguments.demo,
        demo_if_no_engine=arguments.demo_if_no_engine,
        read_only=arguments.read_only,
        theme=arguments.theme,
        files_of=files_of,
    )


def _report_layers(arguments: argparse.Namespace) -> int:
    from tui.layers_report.command import run

    return run(arguments)


def _report_usage(arguments: argparse.Namespace) -> int:
    from tui.headless.usage import run

    return run(arguments)


def _print_plan(arguments: argparse.Namespace) -> int:
    from tui.headless.planning import run

    return run(arguments)


def _clean(arguments: argparse.Namespace) -> int:
    from tui.headless.cleaning import run

    return run(arguments)
