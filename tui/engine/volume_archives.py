"""A whole volume as a tar, out of an engine and into it, through a helper container: see :mod:`helper_objects`.

Kept are owners, modes with setuid and sticky, symbolic and hard links, pipes, devices, ``security.capability``, and
names of any bytes. Not kept are fractions of a second, ``user.*`` attributes and sockets; holes come back as zeros.
Podman (4.3) leaves out the volume's root itself, and gives to root whatever it unpacks.
Blocking; called in threads of their own. Only EngineError leaves here (and what the caller's functions raise).
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from tui.contents.byte_source import ChunkSource
from tui.contents.errors import BrokenArchiveError
from tui.contents.reading import Reader, Take
from tui.contents.tar_walk import TarWalk
from tui.contents.watch import Watch
from tui.engine import decode
from tui.engine import reading as asking
from tui.engine.connection import Connection
from tui.engine.errors import BadRequestError, ConflictError, ConnectionLostError, EngineError, NotFoundError
from tui.engine.helper_objects import MOUNTED_AT, helper_on
from tui.engine.long_reading import LongReading
from tui.engine.raw import fields, labels, text
from tui.engine.tar_end import TarEnd
from tui.engine.tar_prefix import moved_below
from tui.model.storage import Phase, Reading

if TYPE_CHECKING:
    # For annotations only: importing the SDK costs 100 ms, and no wall stands here.
    from tui.engine.sdk import SdkClient

SILENCE = 300.0
"""Seconds that may pass between two pieces: the disk under a volume may be a slow one, or another computer's."""
_PIECE = 1 << 18


def read_volume(reading: LongReading, name: str, take: Take) -> None:
    """Hand the volume's files to ``take``, as an uncompressed tar. The volume itself is not changed."""
    reading.tell_at_once(Reading(Phase.WAITING))
    failed = f"The files of the volume {name} could not be read"
    with helper_on(reading, name, read_only=True) as helper:
        reading.ask(lambda sdk: _send(sdk, reading, helper, name, take), failed)


def _send(sdk: SdkClient, reading: LongReading, helper: str, name: str, take: Take) -> None:
    watch = Watch(reading.tell_at_once, lambda: reading.stopped)
    end = TarEnd()

    def pieces() -> Iterator[bytes]:
        body = sdk.archive_stream(helper, f"{MOUNTED_AT}/.", silence=SILENCE)
        for piece in iter(lambda: body.read(_PIECE), b""):
            end.note(piece)
            reading.hand_over(take, piece)
            yield piece

    # Walked over on the way, since of all that a tar may lack its end tells only the last.
    source = ChunkSource(watch.over(pieces()), f"The archive of the volume {name}", watch)
    try:
        for member in TarWalk(source).members():
            watch.entries += 1
            end.note_entry(source.place, member.header.body_bytes)
    except BrokenArchiveError as error:
        raise _cut_short(name) from error
    for _ in source.rest():
        pass
    if not end.reached:
        raise _cut_short(name)
    watch.finish()


def _cut_short(name: str) -> ConnectionLostError:
    return ConnectionLostError(
        f"The archive of the volume {name} broke off before its end.",
        "Try again; if it stays so, the engine's own log says which file it could not read.",
    )


def fill_new_volume(  # noqa: PLR0917 - the port's arguments, in its order
    reading: LongReading,
    name: str,
    archive: Reader,
    driver: str,
    marks: Mapping[str, str],
    options: Mapping[str, str],
) -> None:
    """Make a volume and put ``archive`` (an uncompressed tar, names relative to the volume's root) into it.

    Raises ConflictError when there is one of that name. When anything fails, the new volume is removed again.
    """
    reading.tell_at_once(Reading(Phase.WAITING))
    connection = reading.connection
    with suppress(NotFoundError):
        asking.volume_detail(connection, name)
        raise _taken(name)
    reading.check()
    _make_volume(connection, name, driver, marks, options)
    filled = False
    try:
        with helper_on(reading, name, read_only=False) as helper:
            failed = f"The volume {name} could not be filled from its backup"
            reading.ask(lambda sdk: _receive(sdk, reading, helper, name, archive), failed)
            filled = True
    except BaseException:
        if not filled:
            with suppress(EngineError):  # the first error says more
                connection.ask(lambda sdk: sdk.remove_volume(name), f"The volume {name} could not be removed again")
        raise


def _make_volume(
    connection: Connection, name: str, driver: str, marks: Mapping[str, str], options: Mapping[str, str]
) -> None:
    """Make it. Asked for one that is there by now, an engine answers with that one: it is left alone then."""
    made = fields(
        connection.ask(
            lambda sdk: sdk.create_volume(name, driver or None, dict(options) or None, dict(marks) or None),
            f"The volume {name} could not be made",
        ),
        "the new volume",
    )
    as_asked = dict(labels(made.get("Labels"))) == dict(marks) and dict(labels(made.get("Options"))) == dict(options)
    if not as_asked or text(made.get("Name")) != name:
        raise _taken(name)


def _taken(name: str) -> ConflictError:
    return ConflictError(f"There is a volume {name} already.", "Choose another name, or remove that volume first.")


def _receive(sdk: SdkClient, reading: LongReading, helper: str, name: str, archive: Reader) -> None:
    end = TarEnd()

    def read(size: int) -> bytes:
        piece = reading.fetch(lambda: archive.read(size))
        end.note(piece)
        reading.tell(Reading(Phase.READING, end.done_bytes))
        return piece

    # Podman unpacks into a volume only what is unpacked at the place where it is mounted.
    at_mount = decode.product(reading.connection.agree()[1]) == "Podman"
    whole = moved_below("" if at_mount else MOUNTED_AT.strip("/"), read, end)

    def pieces() -> Iterator[bytes]:
        last = b""
        try:
            for piece in whole:
                if last:
                    yield last
                last = piece
        except tarfile.TarError as error:
            raise _no_backup(name) from error
        # Before the engine has the last of it: it would take what came for the whole.
        if not end.reached:
            raise _no_backup(name)
        yield last

    sdk.fill_from_archive(helper, MOUNTED_AT if at_mount else "/", pieces(), silence=SILENCE)
    reading.tell_at_once(Reading(Phase.READING, end.done_bytes))


def _no_backup(name: str) -> BadRequestError:
    return BadRequestError(
        f"The backup of the volume {name} is no whole tar, or cut short.", "Restore from another backup."
    )
