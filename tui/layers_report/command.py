"""``orlop layers``: from its arguments to a report and an exit code."""

from __future__ import annotations

import os
import shutil
import sys
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from tui import exit_codes
from tui.contents.archive_choice import ImageChoiceError
from tui.engine.errors import BadEndpointError
from tui.headless.output import complain, say, write
from tui.layers_report import rules_file
from tui.layers_report.document import document
from tui.layers_report.progress import ProgressLine
from tui.layers_report.report import Report, Subject, report_on
from tui.layers_report.text import lines, rule_line
from tui.layers_report.which import Which, WrongUsageError, what_is_meant
from tui.model.layer_rules import BadLimitError, Limit, Rule, Status, parse_limit, with_defaults
from tui.told_error import ToldError

FLAGS = {
    Rule.LOWEST_EFFICIENCY: "--lowest-efficiency",
    Rule.HIGHEST_WASTED_BYTES: "--highest-wasted-bytes",
    Rule.HIGHEST_USER_WASTED_PERCENT: "--highest-user-wasted-percent",
}
"""The flag that sets each rule."""


def run(arguments: Namespace) -> int:
    """Read what is meant, report on it, and say with the exit code whether the rules hold."""
    try:
        # A wrong rule is told before many seconds are spent on reading.
        limits = asked_limits(arguments)
        which = what_is_meant(arguments)
        if which.remark:
            say(which.remark)
        subject = _read(arguments, which)
    except (WrongUsageError, rules_file.RulesFileError, ImageChoiceError) as error:
        return complain(str(error), exit_codes.USAGE)
    except ToldError as error:
        wrong_usage = isinstance(error, BadEndpointError) and arguments.host is not None
        return complain(str(error), exit_codes.USAGE if wrong_usage else exit_codes.NOT_READ)
    report = report_on(subject, limits)
    code = exit_codes.OK if report.passes else exit_codes.RULE_FAILED
    if not arguments.json:
        return write((f"{line}\n" for line in lines(report, _width())), code)
    _tell_failures(report)
    return write(document(report), code)


def asked_limits(arguments: Namespace) -> Mapping[Rule, Limit]:
    """The rules that the image is held to: a flag goes before the file, the file before dive's defaults.

    Empty when nobody asks for any: no flag, no file, no ``--ci``.

    Raises:
        RulesFileError: the file can't be read or makes no sense.
        WrongUsageError: a flag's value makes no sense.
    """
    limits: dict[Rule, Limit] = {}
    if arguments.rules is not None:
        limits = with_defaults(rules_file.read_rules(Path(arguments.rules)), "dive's default")
    elif not arguments.no_rules and os.path.lexists(rules_file.DEFAULT_NAME):
        limits = with_defaults(rules_file.read_rules(Path(rules_file.DEFAULT_NAME)), "dive's default")
    elif arguments.ci:
        limits = with_defaults({}, "dive's default")
    for rule, flag in FLAGS.items():
        value = getattr(arguments, flag.strip("-").replace("-", "_"))
        if value is not None:
            try:
                limits[rule] = parse_limit(rule, value, flag)
            except BadLimitError as error:
                raise WrongUsageError(f"{flag}: {error}") from error
    return limits


def _read(arguments: Namespace, which: Which) -> Subject:
    with ProgressLine() as progress:
        if which.file is not None:
            from tui.layers_report.archive_image import read_archive  # noqa: PLC0415 - only one of the two is loaded

            return read_archive(which.file, arguments.image, progress)
        from tui.layers_report.engine_image import read_image  # noqa: PLC0415 - as above

        return read_image(arguments, progress)


def _tell_failures(report: Report) -> None:
    """Whoever sends the document to a file still sees why the exit code is 1."""
    for verdict in report.verdicts:
        if verdict.status is Status.FAIL:
            say(rule_line(verdict))


def _width() -> int | None:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None
