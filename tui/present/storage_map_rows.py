"""How the rows of the storage map read."""

from __future__ import annotations

from tui.model.disk_account import AccountLine
from tui.model.estimate import Certainty, Estimate
from tui.model.storage import StorageFolder
from tui.model.storage_map import StorageMap
from tui.present import figures
from tui.present.container import container_name
from tui.present.storage_map import (
    AccountSpot,
    CommandSpot,
    EngineSpot,
    FolderSpot,
    GroupSpot,
    Heading,
    LogSpot,
    LogTotalSpot,
    NoteSpot,
    PlaceSpot,
    PlatformSpot,
)
from widgets.cell import Cell, Line, Role, RowText
from widgets.size_bar import size_bar

_BAR = 8


def describe_spot(spot: object, map_: StorageMap, *, exact: bool = False) -> RowText:
    """How a row reads."""
    match spot:
        case Heading():
            words = _in_columns(*spot.columns, exact=exact) if spot.columns else (spot.words,)
            return RowText((Cell(spot.name, Role.STRONG),), (Cell("".join(words), Role.MUTED),))
        case EngineSpot():
            return RowText((Cell(f"{spot.label}  ", Role.MUTED), Cell(spot.value)))
        case AccountSpot():
            return _account_row(spot.line, exact=exact)
        case LogTotalSpot():
            return _log_total_row(spot, exact=exact)
        case FolderSpot():
            return _folder_row(spot, map_, exact=exact)
        case LogSpot():
            name = container_name(spot.log.container) if spot.log.container else figures.short_id(spot.log.container_id)
            bar = size_bar(spot.log.size_bytes, spot.whole_bytes, _BAR)
            size: Line = (*bar, Cell(f" {_bytes(spot.log.size_bytes, exact=exact):>9}", Role.NUMBER))
            return RowText((Cell(name, Role.LINK),), size)
        case NoteSpot():
            return RowText((Cell(spot.words, Role.MUTED),))
        case PlatformSpot():
            mark: Line = (Cell("◂ this engine", Role.GOOD),) if spot.here else ()
            return RowText((Cell(spot.places.platform, Role.STRONG if spot.here else Role.NORMAL),), mark)
        case PlaceSpot():
            inside = "  inside the VM" if spot.place.inside else ""
            return RowText((Cell(spot.place.path), Cell(f"{inside}  {spot.place.what}", Role.MUTED)))
        case GroupSpot():
            return RowText((Cell(spot.group.name),))
        case CommandSpot():
            role = Role.WARNING if spot.command.changes else Role.ACCENT
            return RowText((Cell(spot.command.command, role), Cell(f"  {spot.command.what}", Role.MUTED)))
        case _:
            return RowText(())


def _bytes(count: int | None, *, exact: bool) -> str:
    return (f"{count:,}" if count is not None else figures.UNKNOWN) if exact else figures.size(count)


def _in_columns(size: str, said: str, frees: str, *, exact: bool) -> tuple[str, str, str]:
    """What is in the columns of the totals, each as wide as its column, but for the first with the gap before it."""
    if exact:
        # No room for what the command says beside whole bytes, and a figure that is cut is another figure.
        return f"{size:>15}", "", f" {frees:>18}"
    return f"{size:>9}", f" {said:>9}", f" {frees:>14}"


def _columns(size: str, said: str, frees: str, role: Role, *, exact: bool) -> Line:
    size, said, frees = _in_columns(size, said, frees, exact=exact)
    return Cell(size, Role.NUMBER), Cell(said, Role.MUTED), Cell(frees, role)


def _account_row(line: AccountLine, *, exact: bool) -> RowText:
    said = "not told" if line.reclaimable_bytes is None and line.size_bytes is not None else ""
    columns = _columns(
        _bytes(line.size_bytes, exact=exact),
        said or _bytes(line.reclaimable_bytes, exact=exact),
        freed_words(line.freed, exact=exact),
        Role.WARNING if line.overstated_bytes else Role.GOOD,
        exact=exact,
    )
    return RowText((Cell(f"{line.kept}  "), Cell(f"{line.active}/{line.total} in use", Role.MUTED)), columns)


def freed_words(estimate: Estimate, *, exact: bool = False) -> str:
    """What comes back, short: ``1.2 GB``, ``≤ 1.2 GB``, ``~ 1.2 GB``, ``≥ 1.2 GB``."""
    if estimate.bytes is None:
        return figures.UNKNOWN
    sign = {Certainty.UP_TO: "≤ ", Certainty.AT_LEAST: "≥ ", Certainty.ABOUT: "~ "}.get(estimate.certainty, "")
    return sign + _bytes(estimate.bytes, exact=exact)


def _log_total_row(spot: LogTotalSpot, *, exact: bool) -> RowText:
    size = _bytes(spot.total_bytes, exact=exact) if spot.total_bytes is not None else "not yet"
    columns = _columns(size, "left out", "-", Role.MUTED, exact=exact)
    return RowText((Cell("Container logs  "), Cell("not in docker system df", Role.MUTED)), columns)


def _folder_row(spot: FolderSpot, map_: StorageMap, *, exact: bool) -> RowText:
    folder = spot.folder
    if folder is map_.root or folder.path == map_.root.path:
        left: Line = (Cell("Docker Root Dir  ", Role.MUTED), Cell(folder.path, Role.STRONG))
        return RowText(left, _folder_size(folder.measured, None, exact=exact))
    name = folder.name if folder.elsewhere or folder.purpose.name == "engine-id" else f"{folder.name}/"
    left = (Cell(name, Role.STRONG), Cell(f"  {folder.purpose.holds}", Role.MUTED))
    return RowText(left, _folder_size(folder.measured, None if folder.elsewhere else spot.whole_bytes, exact=exact))


def _folder_size(measured: StorageFolder | None, whole: int | None, *, exact: bool) -> Line:
    if measured is None:
        return ()
    if measured.disk_bytes is None:
        return (Cell("can't be read", Role.WARNING),)
    bar = size_bar(measured.disk_bytes, whole, _BAR) if whole else ()
    return (*bar, Cell(f" {_bytes(measured.disk_bytes, exact=exact):>9}", Role.NUMBER))
