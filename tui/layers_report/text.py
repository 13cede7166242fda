"""The report for people: a page of plain text. Every foreign word in it is made safe to show."""

from __future__ import annotations

import math
from collections.abc import Iterator

from tui.layers_report.report import Report
from tui.model.layer_rules import Rule, Status, Verdict, user_wasted
from tui.present import figures
from tui.present.layer import readable_command
from tui.present.waste_words import NO_WASTE, advice, offender_words, percent_text
from widgets.literal import literal

_OFFENDERS = 10
_HEAD_WIDTH = 12


def lines(report: Report, width: int | None = None) -> Iterator[str]:
    """The report, line by line.

    Args:
        width: columns that a command may reach; ``None`` to write commands in full.
    """
    for block in (_totals(report), _layers(report, width), _offenders(report), _advice(report), _rules(report)):
        yield from block


def _totals(report: Report) -> Iterator[str]:
    subject, waste = report.subject, report.waste
    entries = sum(map(len, subject.files))
    yield _fact("Image" if subject.kind == "image" else "Archive", literal(subject.name))
    if subject.place:
        yield _fact("on" if subject.kind == "image" else "image in it", literal(subject.place))
    if subject.image_id:
        yield _fact("ID", literal(subject.image_id))
    if subject.platform:
        others = f"; also in it: {', '.join(subject.other_platforms)}" if subject.other_platforms else ""
        yield _fact("Platform", literal(f"{subject.platform}{others}"))
    yield ""
    layers = figures.count(len(subject.layers), "layer")
    stored = f"in {layers}, {figures.count(entries, 'entry', 'entries')} for {figures.count(report.paths, 'path')}"
    yield _fact("Stored", f"{figures.size(waste.stored_bytes):>9}  {stored}")
    yield _fact("Visible", f"{figures.size(waste.visible_bytes):>9}  in the finished filesystem")
    yield _fact("Wasted", f"{figures.size(waste.wasted_bytes):>9}  stored, and hidden again by a later layer")
    yield _fact("Efficiency", f"{percent_text(waste.efficiency):>9}  visible / stored")
    if sum(waste.per_layer_stored[1:]):
        user = percent_text(user_wasted(waste))
        yield _fact("User waste", f"{user:>9}  wasted / stored above the lowest layer")


def _layers(report: Report, width: int | None) -> Iterator[str]:
    waste = report.waste
    yield ""
    yield f"{'Layer':>5} {'Size':>10} {'Wasted':>10}  Command"
    for number, layer in enumerate(report.subject.layers):
        size, lost = figures.size(waste.per_layer_stored[number]), waste.per_layer_wasted[number]
        head = f"{layer.index + 1:>5} {size:>10} {figures.size(lost) if lost else '-':>10}  "
        yield head + _cut(literal(readable_command(layer.created_by)), width, len(head))


def _offenders(report: Report) -> Iterator[str]:
    offenders = report.waste.offenders
    if not offenders:
        return
    yield ""
    yield "What wastes most"
    for one in offenders[:_OFFENDERS]:
        yield f"  {figures.size(one.wasted_bytes):>9}  /{literal(one.path)}  ({offender_words(one)})"
    if len(offenders) > _OFFENDERS:
        yield f"  {'':>9}  and {figures.count(len(offenders) - _OFFENDERS, 'path')} more"


def _advice(report: Report) -> Iterator[str]:
    sentences = advice(report.waste, report.subject.layers)
    if sentences or not report.waste.wasted_bytes:
        yield ""
        yield "What would make it smaller" if sentences else NO_WASTE
    yield from (f"  {literal(sentence)}" for sentence in sentences)


def _rules(report: Report) -> Iterator[str]:
    if not report.verdicts:
        return
    yield ""
    yield "Rules"
    yield from (f"  {rule_line(verdict)}" for verdict in report.verdicts)
    failed = sum(verdict.status is Status.FAIL for verdict in report.verdicts)
    held = sum(verdict.status is not Status.SKIP for verdict in report.verdicts)
    yield f"{failed} of {figures.count(held, 'rule')} {'fails' if failed == 1 else 'fail'}." if failed else "All hold."


def rule_line(verdict: Verdict) -> str:
    """``FAIL  lowestEfficiency  0.9312, and 0.95 is the least (.dive-ci)``. Safe to print."""
    limit = verdict.limit
    source = f" ({literal(limit.source)})" if limit.source else ""
    return f"{verdict.status.value}  {limit.rule.value:<24}  {_measured(verdict)}{source}"


def _measured(verdict: Verdict) -> str:
    """What was measured, rounded so that it lies on the side of the limit where it is."""
    limit, measured = verdict.limit, verdict.measured
    if limit.value is None:
        return "disabled"
    if limit.rule is Rule.HIGHEST_WASTED_BYTES:
        return f"{measured:,} B, and {int(limit.value):,} B is the most"
    if limit.rule is Rule.LOWEST_EFFICIENCY:
        return f"{math.floor(measured * 10_000 + 1e-9) / 10_000:.4f}, and {limit.value:g} is the least"
    if math.isinf(measured):
        return f"the upper layers store nothing and hide something, and {limit.value:g} is the most"
    return f"{math.ceil(measured * 10_000 - 1e-9) / 10_000:.4f}, and {limit.value:g} is the most"


def _fact(label: str, value: str) -> str:
    return f"{label:<{_HEAD_WIDTH}}{value}"


def _cut(text: str, width: int | None, taken: int) -> str:
    room = len(text) if width is None else max(20, width - taken)
    return text if len(text) <= room else f"{text[: room - 1]}…"
