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
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import themes
from tui import locations
from tui.model.selection import Sort

_HEADER = "# orlop's preferences. Lines you add or change here are kept.\n"
_TABLE = re.compile(r"^\s*\[")
_TEXT = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*')"""
_ASSIGNMENT = re.compile(
    r"""^(?P<head>\s*(?P<quote>["']?)(?P<key>[A-Za-z0-9_-]+)(?P=quote)\s*=\s*)"""
    rf"""(?P<value>{_TEXT}|\[(?:\s*{_TEXT}\s*,)*\s*(?:{_TEXT}\s*)?\]|[^\s#"'\[{{]+)(?P<tail>\s*(?:\#.*)?)$"""
)


class PreferencesError(Exception):
    """The preferences can't be saved; the text is one plain sentence."""


class Preferences(NamedTuple):
    """What the user likes. The fields' names are the file's keys."""

    theme: str = themes.DEFAULT
    read_only: bool = False
    """Start without any deleting or changing keys, as ``--read-only`` does."""
    sort_images: Sort = Sort.NAME
    sort_containers: Sort = Sort.NAME
    sort_volumes: Sort = Sort.NAME
    sort_cache: Sort = Sort.NAME
    protect: tuple[str, ...] = ()
    """Rules for what can't be marked: see :mod:`tui.model.protection`. All of them can be understood."""


_ALLOWED: dict[str, tuple[str | bool, ...]] = {
    "theme": themes.NAMES,
    "read_only": (True, False),
    "sort_images": tuple(Sort),
    "sort_containers": tuple(Sort),
    "sort_volumes": tuple(Sort),
    "sort_cache": tuple(Sort),
}
"""What each key may be, where that can be listed."""


_Value = str | bool | list[str]
"""What a setting may be in the file."""


class LoadedPreferences(NamedTuple):
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
            found = _parsed(text)
        except ValueError as error:
            unprotected = " Its rules protect nothing." if "protect" in text else ""
            problem = f"The preferences in {self.path} are not TOML: {error}. The defaults are used.{unprotected}"
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
    present = _parsed(text)
    settings, defaults = _as_toml(preferences), _as_toml(Preferences())
    # The rules that can't be understood stay in the file, where their author finds them.
    as_used = {**present, "protect": list(_rules(present, Path()).rules)} if "protect" in present else present
    lines = text.splitlines(keepends=True)
    newline = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    first_table = next((at for at, line in enumerate(lines) if _TABLE.match(line)), len(lines))
    top, tables = lines[:first_table], lines[first_table:]
    changed = {key: value for key, value in settings.items() if key not in present or not _same(as_used[key], value)}
    for key, value in changed.items():
        if key in present:
            top = [_with_value(line, key, value) for line in top]
        elif value != defaults[key]:
            if top and not top[-1].endswith("\n"):
                top[-1] += newline
            top.append(f"{key} = {_toml(value)}{newline}")
    result = "".join(top + tables)
    return result if _means(result, {**defaults, **present, **changed}) else None


def _parsed(text: str) -> dict[str, Any]:
    """A TOML document. Raises ValueError, with words for people, when it is none."""
    import tomllib  # noqa: PLC0415 - most people have no such file, and the first screen need not wait for it

    return tomllib.loads(text)


def _means(text: str, wanted: Mapping[str, Any]) -> bool:
    """True when a document says ``wanted``, no more and no less, defaults included."""
    try:
        found = _parsed(text)
    except ValueError:
        return False
    return {**_as_toml(Preferences()), **found} == dict(wanted)


def _as_toml(preferences: Preferences) -> dict[str, _Value]:
    """Preferences as a TOML document has them."""
    return {key: list(value) if isinstance(value, tuple) else value for key, value in preferences._asdict().items()}


def _same(one: object, other: object) -> bool:
    """Equal as TOML sees it: in Python ``1 == True``, and a :class:`Sort` is a text."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def _with_value(line: str, key: str, value: _Value) -> str:
    """``line`` with another value, if it is the one that sets ``key``."""
    body = line.rstrip("\r\n")
    match = _ASSIGNMENT.match(body)
    if match is None or match["key"] != key:
        return line
    return f"{match['head']}{_toml(value)}{match['tail']}{line[len(body) :]}"


def _toml(value: _Value) -> str:
    """A value as TOML writes it."""
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
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
    protect, bad_rules = _rules(found, path)
    return LoadedPreferences(Preferences(**settings, protect=protect), (*problems, *bad_rules))


class _Rules(NamedTuple):
    """The rules of a file that can be understood, and a sentence for each that can't."""

    rules: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def _rules(found: Mapping[str, Any], path: Path) -> _Rules:
    """What ``protect`` in a file comes to. One text alone is a list of one: rather keep too much than too little."""
    if "protect" not in found:
        return _Rules()
    from tui.model.protection import Protection  # noqa: PLC0415 - most people have no rules

    value = found["protect"]
    rules = [value] if isinstance(value, str) else value
    if not isinstance(rules, list):
        sentence = f'protect in {path} is {value!r}, and must be a list of texts such as ["postgres:*"].'
        return _Rules(problems=(f"{sentence} It protects nothing.",))
    texts = [rule for rule in rules if isinstance(rule, str)]
    wrong = [f"A rule must be a text, and {rule!r} is none." for rule in rules if not isinstance(rule, str)]
    understood, problems = Protection.as_far_as_understood(texts)
    where = f"See protect in {path}: this rule protects nothing."
    return _Rules(understood.texts, tuple(f"{problem} {where}" for problem in (*wrong, *problems)))


def _parseable(raw: bytes) -> str | None:
    """A file's text when it is TOML, else ``None``."""
    try:
        text = raw.decode("utf-8-sig")
        _parsed(text)
    except ValueError:  # UnicodeDecodeError included
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
