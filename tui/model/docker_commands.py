"""The docker commands that do the same as a step, and those that bring back what is gone. Words, never run from here.

Names come from Docker and are not to be trusted: a command is a tuple of words, and :func:`shell_words` is the only
place where words become text for a shell. How a container is made again, :mod:`tui.model.run_command` tells.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable

from tui.model.cleanup_plan import Step
from tui.model.host import DOCKER, Host
from tui.model.image import Reference
from tui.model.mark import Kind
from tui.model.volume import Volume

Command = tuple[str, ...]
"""One command, word by word."""

PROGRAM: Command = ("docker",)
"""How the program is called that talks to the engine; may carry options that say which engine."""

_PROGRAMS = frozenset({"docker", "podman"})
_ENGINE_OPTIONS = frozenset({"--host", "--context"})
_PLAIN_ID = re.compile(r"[A-Za-z0-9]+")


def program_for(host: Host | None) -> Command:
    """The program for the engine at hand: ``docker``, ``podman``, or docker pointed at where orlop was pointed.

    What the environment and docker's settings choose, docker chooses by itself. What only orlop was told by a flag
    has to be in the command: without it, the command would delete on another engine.
    """
    if host is None or host.product in {"", DOCKER}:
        return PROGRAM + _engine_options(host)
    return ("podman",)


def is_program(words: Command) -> bool:
    """True when ``words`` are something that :func:`program_for` could have answered."""
    if len(words) == 3:
        return words[0] in _PROGRAMS and words[1] in _ENGINE_OPTIONS and bool(words[2])
    return len(words) == 1 and words[0] in _PROGRAMS


def _engine_options(host: Host | None) -> Command:
    if host is None or not host.endpoint.source.startswith("--"):
        return ()
    if host.endpoint.context:
        return ("--context", host.endpoint.context)
    return ("--host", host.endpoint.url) if "://" in host.endpoint.url else ()


def removal_commands(step: Step, program: Command = PROGRAM) -> tuple[Command, ...]:
    """The commands that do what ``step`` does, in order; whether it is ready does not matter."""
    return commands_for(
        step.kind,
        step.id,
        untags=step.untags,
        removes_object=step.removes_object,
        force=step.force,
        program=program,
    )


def commands_for(
    kind: Kind, identity: str, *, untags: Command, removes_object: bool, force: bool, program: Command
) -> tuple[Command, ...]:
    """The same for a step that is still being made; the arguments are its fields."""
    match kind:
        case Kind.CONTAINER:
            return ((*program, "rm", *(("--force",) if force else ()), *_operands(identity)),)
        case Kind.IMAGE:
            names = ((*program, "rmi", *_operands(*untags)),) if untags else ()
            return (*names, (*program, "rmi", *_operands(identity))) if removes_object else names
        case Kind.VOLUME:
            return ((*program, "volume", "rm", *_operands(identity)),)
        case Kind.CACHE_RECORD:
            return ((*program, "builder", "prune", "--all", "--force", "--filter", cache_filter(identity)),)


def cache_filter(record_id: str) -> str:
    """The filter that lets ``docker builder prune`` take one record and no other.

    The engine takes the ID for a regular expression that may match anywhere in one (met on 20.10 and 28), so it is
    tied to both ends. Source: ``toBuildkitPruneInfo`` in moby's ``builder/builder-next/builder.go``.
    """
    plain = record_id if _PLAIN_ID.fullmatch(record_id) else re.escape(record_id)
    return f"id=^{plain}$"


def pull_commands(tags: Iterable[str], digests: Iterable[str], program: Command = PROGRAM) -> tuple[Command, ...]:
    """The commands that fetch an image again and give it its tags back; empty when no registry is known to have it.

    By digest, because a tag may have moved on since. A tag whose repository has no digest was never seen in a
    registry: it is given to the image that was fetched under another name.
    """
    sources: dict[str, str] = {}
    for digest in digests:
        repository = digest.partition("@")[0]
        if "@" in digest and repository not in sources:
            sources[repository] = digest
    if not sources:
        return ()
    first = next(iter(sources.values()))
    pulls = [(*program, "pull", *_operands(digest)) for digest in sources.values()]
    names = [
        (*program, "tag", *_operands(sources.get(Reference.parse(tag).repository, first), tag))
        for tag in dict.fromkeys(tags)
    ]
    return (*pulls, *names)


def volume_create_command(volume: Volume, program: Command = PROGRAM) -> Command:
    """The command that makes an empty volume of the same name, driver, labels and options."""
    words = [*program, "volume", "create"]
    if volume.driver not in {"", "local"}:
        words += ["--driver", volume.driver]
    for key, value in volume.labels.items():
        words += ["--label", f"{key}={value}"]
    for key, value in volume.options.items():
        words += ["--opt", f"{key}={value}"]
    return (*words, *_operands(volume.name))


def _operands(*names: str) -> Command:
    """The names, told apart from options when one of them looks like an option."""
    return ("--", *names) if any(name.startswith("-") for name in names) else names


def shell_words(command: Iterable[str]) -> str:
    r"""The command as text that a shell reads back as the very same words.

    Words that can't be shown (line breaks, escapes, marks that turn the writing around) are spelled ``$'\x1b'``, which
    bash, zsh and ksh understand: such characters would act on the terminal that the text is pasted into before any
    shell sees quotes. No argument can hold a NUL; it becomes the sign for an unknown character.
    """
    return " ".join(shlex.quote(word) if word.isprintable() else _spelled_out(word) for word in command)


def _spelled_out(word: str) -> str:
    spelled = [_spelled_character(character) for character in word.replace("\0", "\N{REPLACEMENT CHARACTER}")]
    return f"$'{''.join(spelled)}'"


def _spelled_character(character: str) -> str:
    if character in "\\'":
        return f"\\{character}"
    if character.isprintable():
        return character
    # Three octal digits: unlike \x, no digit that follows can be taken for a part of it.
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogatepass"))
