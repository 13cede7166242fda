"""The line that sums up what is marked, or how a cleanup goes. Loaded with the first mark."""

from __future__ import annotations

from rich.cells import cell_len

from tui.model.cleanup_progress import CleanupProgress, RunState
from tui.model.estimate import Certainty, Doubt
from tui.model.mark import Kind
from tui.model.marked_sum import MarkedSum
from tui.present.cleanup_plan import step_name
from tui.present.cleanup_progress import current_step, over_role, over_sentence
from tui.present.figures import count, exact_bytes, size
from widgets.cell import Cell, Line, Role

_WHY = {
    Doubt.LAYERS_UNREAD: ("layers not read yet", "layers unread"),
    Doubt.HOLDERS_UNREAD: ("other images not read yet", "images unread"),
    Doubt.IMAGE_GONE: ("an image under a container is gone", "an image is gone"),
    Doubt.LAYER_SIZE: ("a layer's size is not known", "layer sizes"),
    Doubt.WRITABLE_SIZE: ("a container's size is not known", "container sizes"),
    Doubt.VOLUME_SIZE: ("a volume's size is not known", "volume sizes"),
    Doubt.BUILD_CACHE: ("the build cache may keep some", "build cache"),
    Doubt.CACHE_SIZE: ("not all of the build cache tells its size", "cache sizes"),
    Doubt.BUILD_CACHE_UNREAD: ("the build cache is not read yet", "build cache unread"),
    Doubt.CONTAINERD_STORE: ("the containerd store tells no exact sizes", "containerd store"),
    Doubt.OTHER_ENGINE: ("this engine's sizes are its own estimate", "engine's estimate"),
}
"""Why a figure is not exact, and the same where there is little room."""


def marked_line(total: MarkedSum, width: int, *, reading: bool = False) -> Line:
    """What is marked and what that frees, in at most ``width`` columns: the least important goes first.

    ``reading`` says that layers are being read, after which the figure may be another one.
    """
    kinds = ", ".join(count(number, str(kind)) for kind, number in total.counts.items() if number)
    reasons = ["reading layers…"] if reading else [_WHY[doubt][0] for doubt in total.freed.doubts]
    brief = reasons[0] if reading else ", ".join(_WHY[doubt][1] for doubt in total.freed.doubts[:1])
    idle = total.untagged_only + total.shared_records
    without = idle + total.kept_total
    exact = total.freed.bytes is not None and total.freed.bytes >= 1000
    parts = {
        "head": Cell(f" {total.total} marked", Role.MARKED),
        "kinds": Cell(f": {kinds}"),
        "freed": Cell(f" · {_freed(total)}", Role.GOOD if total.freed.bytes else Role.NORMAL),
        "exact": Cell(f" ({exact_bytes(total.freed.bytes)})" if exact else "", Role.NUMBER),
        "why": Cell(f": {'; '.join(reasons)}" if reasons else "", Role.WARNING),
        "nothing": Cell(_nothing(idle, total.kept_total), Role.MUTED),
    }
    shorter: list[tuple[str, str]] = [
        ("nothing", f" · {_free_nothing(without)}: w" if without else ""),
        ("why", f": {reasons[0]}" if reasons else ""),
        *([] if total.freed.certainty is Certainty.EXACT else [("exact", "")]),
        ("why", f": {brief}" if brief else ""),
        ("nothing", ""),
        ("kinds", ""),
        ("why", ""),
        ("exact", ""),
    ]
    for name, text in shorter:
        if sum(cell_len(cell.text) for cell in parts.values()) < width:
            break
        parts[name] = parts[name]._replace(text=text)
    return tuple(cell for cell in parts.values() if cell.text)


def _freed(total: MarkedSum) -> str:
    freed = total.freed
    if freed.bytes is None or freed.certainty is Certainty.UNKNOWN:
        return "frees an unknown amount"
    if not freed.bytes:
        nothing = "nothing" if freed.certainty is Certainty.EXACT else "little or nothing"
        # The engine counts no logs, and what nobody has measured has no figure; but they do go with a container.
        goes = total.counts.get(Kind.CONTAINER, 0) > total.kept.get(Kind.CONTAINER, 0)
        return f"frees {nothing}{' but logs' if goes else ''}"
    certainty = "" if freed.certainty is Certainty.EXACT else f"{freed.certainty} "
    return f"frees {certainty}{size(freed.bytes, digits=2)}"


def _nothing(idle: int, kept: int) -> str:
    """How many of what is marked bring nothing back."""
    parts = [_free_nothing(idle)] if idle else []
    if kept:
        parts.insert(0, f"{kept:,} can't go")
    return f" · of these {' and '.join(parts)}: w says why" if parts else ""


def _free_nothing(number: int) -> str:
    return f"{number:,} {'frees' if number == 1 else 'free'} nothing"


def cleaning_line(progress: CleanupProgress) -> Line:
    """How a cleanup goes, or what came of it, for whoever does something else meanwhile."""
    hint = Cell(f" D shows the {'receipt' if progress.over else 'rest'}.", Role.MUTED)
    if progress.over:
        return (Cell(f" {over_sentence(progress)}", over_role(progress)), hint)
    done = sum(one.state.over for one in progress.steps)
    now = current_step(progress)
    doing = f": {now.state} {step_name(now.step)}" if now is not None else ""
    if progress.state is not RunState.RUNNING:
        doing = f": {progress.state}"
    return (Cell(f" Cleaning up, {done:,} of {count(len(progress.steps), 'step')} over{doing}.", Role.ACCENT), hint)
