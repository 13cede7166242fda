"""Preferences: a small TOML file in the platform's config folder, meant to be edited by hand too.

Saving changes only the lines of what has changed, so comments, order and settings this version does
not know stay as they are. A file that can't be understood or edited that way is never overwritten: it
is kept beside the new one, with ``.broken`` after its name.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import themes
from tui import locations
from tui.model.selection import Sort

_HEADER = "# orlop's preferences. Lines you add or change here are kept.\n"
_TABLE = re.compile(r"^\s*\[")
_ASSIGNMENT = re.compile(
    r"""^(?P<head>\s*(?P<quote>["']?)(?P<key>[A-Za-z0-9_-]+)(?P=quote)\s*=\s*)"""
    r"""(?P<value>"(?:[^"\\]|\\.)*"|'[^']*'|[^\s#"'\[{]+)(?P<tail>\s*(?:\#.*)?)$"""
)


class PreferencesError(Exception):
    """The preferences can't be saved; the text is one plain sentence."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the user likes. The fields' names are the file's keys."""

    theme: str = themes.DEFAULT
    read_only: bool = False
    """Start without any deleting or changing keys, as ``--read-only`` does."""
    sort_images: Sort = Sort.NAME
    sort_containers: Sort = Sort.NAME
    sort_volumes: Sort = Sort.NAME


_ALLOWED: dict[str, tuple[str | bool, ...]] = {
    "theme": themes.NAMES,
    "read_only": (True, False),
    "sort_images": tuple(Sort),
    "sort_containers": tuple(Sort),
    "sort_volumes": tuple(Sort),
}
"""What each key may be."""


@dataclass(frozen=True, slots=True)
class LoadedPreferences:
    """Preferences as they were found, and what was wrong with the file."""

    preferences: Preferences
    problems: tuple[str, ...] = ()
    """Sentences for the user; empty when all is well or there is no file yet."""


class PreferencesFile:
    """The file preferences are read from and saved to; by default the user's own."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = locations.preferences_file() if path is None else path
        self._saving = asyncio.Lock()

    def load(self) -> LoadedPreferences:
        """Read the file. Whatever is wrong with it becomes a sentence, and the default is used instead."""
        try:
            text = self.path.read_text(encoding="utf-8-sig")  # Some editors put a mark in front.
        except FileNotFoundError:
            return LoadedPreferences(Preferences())
        except (OSError, UnicodeDecodeError) as error:
            return LoadedPreferences(Preferences(), (f"{self._unread(error)} The defaults are used.",))
        try:
            found = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            problem = f"The preferences in {self.path} are not TOML: {error}. The defaults are used."
            return LoadedPreferences(Preferences(), (problem,))
        return _understood(found, self.path)

    async def save(self, preferences: Preferences) -> None:
        """Write what differs from the file, all of it or nothing.

        Raises:
            PreferencesError: the file or its folder can't be written.
        """
        import aiofiles.os  # noqa: PLC0415 - not needed before something is saved

        async with self._saving:
            # A link stays a link: many people keep such files elsewhere.
            path = Path(await asyncio.to_thread(os.path.realpath, self.path))
            try:
                await aiofiles.os.makedirs(path.parent, exist_ok=True)
                await self._replace(path, preferences)
            except (OSError, UnicodeError) as error:
                reason = error.strerror if isinstance(error, OSError) else str(error)
                raise PreferencesError(f"The preferences can't be saved in {self.path}: {reason}.") from error

    async def _replace(self, path: Path, preferences: Preferences) -> None:
        import aiofiles  # noqa: PLC0415 - as above
        import aiofiles.os  # noqa: PLC0415

        mode: int | None = None
        text: str | None = _HEADER
        with contextlib.suppress(FileNotFoundError):
            mode = (await aiofiles.os.stat(path)).st_mode & 0o7777
            async with aiofiles.open(path, "rb") as file:
                text = _parseable(await file.read())
        changed = None if text is None else updated(text, preferences)
        if changed is not None and changed == text:
            return
        temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
        try:
            async with aiofiles.open(temporary, "w", encoding="utf-8", newline="") as file:
                await file.write(changed or updated(_HEADER, preferences) or _HEADER)
            if mode is not None:
                await asyncio.to_thread(os.chmod, temporary, mode)
            if changed is None:
                await aiofiles.os.rename(path, _free_name(path))
            await aiofiles.os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise

    def _unread(self, error: Exception) -> str:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        return f"The preferences in {self.path} can't be read: {reason}."


def updated(text: str, preferences: Preferences) -> str | None:
    """The TOML document ``text`` with ``preferences`` in it, and everything else as it was.

    A setting that is not in the file is added only when it differs from the default. ``None`` when
    that can't be done line by line (a setting written over several lines).
    """
    present = tomllib.loads(text)
    settings, defaults = asdict(preferences), asdict(Preferences())
    lines = text.splitlines(keepends=True)
    newline = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    first_table = next((at for at, line in enumerate(lines) if _TABLE.match(line)), len(lines))
    top, tables = lines[:first_table], lines[first_table:]
    for key, value in settings.items():
        if key in present and not _same(present[key], value):
            top = [_with_value(line, key, value) for line in top]
        elif key not in present and value != defaults[key]:
            if top and not top[-1].endswith("\n"):
                top[-1] += newline
            top.append(f"{key} = {_toml(value)}{newline}")
    result = "".join(top + tables)
    return result if _means(result, {**defaults, **present, **settings}) else None


def _means(text: str, wanted: Mapping[str, Any]) -> bool:
    """True when a document says ``wanted``, no more and no less, defaults included."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return {**asdict(Preferences()), **found} == dict(wanted)


def _same(one: object, other: object) -> bool:
    """Equal as TOML sees it: in Python ``1 == True``, and a :class:`Sort` is a text."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def _with_value(line: str, key: str, value: str | bool) -> str:
    """``line`` with another value, if it is the one that sets ``key``."""
    body = line.rstrip("\r\n")
    match = _ASSIGNMENT.match(body)
    if match is None or match["key"] != key:
        return line
    return f"{match['head']}{_toml(value)}{match['tail']}{line[len(body) :]}"


def _toml(value: str | bool) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    escaped = "".join(
        f"\\{character}" if character in '"\\' else character if character.isprintable() else f"\\U{ord(character):08x}"
        for character in value
    )
    return f'"{escaped}"'


def _understood(found: Mapping[str, Any], path: Path) -> LoadedPreferences:
    """Preferences from the values of a file; what makes no sense is left out, with a sentence."""
    settings: dict[str, Any] = {}
    problems: list[str] = []
    for key, allowed in _ALLOWED.items():
        if key not in found:
            continue
        chosen = [value for value in allowed if _same(found[key], value)]
        if chosen:
            settings[key] = chosen[0]
            continue
        choices = ", ".join(map(_toml, allowed))
        default = _toml(getattr(Preferences(), key))
        problems.append(f"{key} in {path} is {found[key]!r}, and may be {choices}. {default} is used.")
    return LoadedPreferences(Preferences(**settings), tuple(problems))


def _parseable(raw: bytes) -> str | None:
    """A file's text when it is TOML, else ``None``."""
    try:
        text = raw.decode("utf-8-sig")
        tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None
    return text


def _free_name(path: Path) -> Path:
    """A name beside ``path`` that is not taken: ``config.toml.broken``, ``config.toml.broken.2`` …"""
    name = path.with_name(f"{path.name}.broken")
    number = 2
    while name.exists():
        name = path.with_name(f"{path.name}.broken.{number}")
        number += 1
    return name
