"""Rules from flags, from a ``.dive-ci``, and from dive."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.layers_report.running import Orlop, parsed
from tui import exit_codes


def test_rules_that_hold_and_rules_that_fail(orlop: Orlop, wasteful: str) -> None:
    code, out, err = orlop(wasteful, "--lowest-efficiency", "0.63", "--highest-wasted-bytes", "4MB")
    assert (code, err) == (0, "")
    assert "  PASS  lowestEfficiency          0.6363, and 0.63 is the least (--lowest-efficiency)\n" in out
    assert (
        "  PASS  highestWastedBytes        4,000,000 B, and 4,000,000 B is the most (--highest-wasted-bytes)\n" in out
    )
    assert out.endswith("All hold.\n")
    code, out, err = orlop(wasteful, "--highest-user-wasted-percent", "0.99", "--lowest-efficiency", "disabled")
    assert (code, err) == (exit_codes.RULE_FAILED, "")
    assert "  SKIP  lowestEfficiency          disabled (--lowest-efficiency)\n" in out
    assert "  FAIL  highestUserWastedPercent  1.0000, and 0.99 is the most" in out
    assert out.endswith("1 of 1 rule fails.\n")


def test_dives_defaults_with_ci(orlop: Orlop, wasteful: str) -> None:
    code, out, _ = orlop(wasteful, "--ci")
    assert code == exit_codes.RULE_FAILED
    assert "  FAIL  lowestEfficiency          0.6363, and 0.9 is the least (dive's default)\n" in out
    assert "  SKIP  highestWastedBytes        disabled (dive's default)\n" in out
    assert "  FAIL  highestUserWastedPercent  1.0000, and 0.1 is the most (dive's default)\n" in out
    assert out.endswith("2 of 2 rules fail.\n")
    assert orlop(wasteful)[0] == 0


def test_the_dive_ci_of_the_folder_is_used_and_said(orlop: Orlop, wasteful: str) -> None:
    Path(".dive-ci").write_text('rules:\n  lowestEfficiency: 0.5\n  highestUserWastedPercent: "disabled"\n')
    code, out, _ = orlop(wasteful)
    assert code == 0
    assert "0.5 is the least (.dive-ci)\n" in out
    assert "highestUserWastedPercent  disabled (.dive-ci)\n" in out
    code, out, _ = orlop(wasteful, "--lowest-efficiency", "0.9")
    assert code == exit_codes.RULE_FAILED
    assert "0.9 is the least (--lowest-efficiency)\n" in out
    code, out, _ = orlop(wasteful, "--no-rules")
    assert (code, "Rules" in out) == (0, False)
    Path("strict.yml").write_text("rules: {highestWastedBytes: 1.5 MiB}\n")
    code, out, _ = orlop(wasteful, "--rules", "strict.yml")
    assert code == exit_codes.RULE_FAILED
    assert "4,000,000 B, and 1,572,864 B is the most (strict.yml)\n" in out
    assert "0.9 is the least (dive's default)\n" in out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rules: [", ".dive-ci is not YAML: line"),
        ("rules:\n  lowestEfficency: 0.9\n", "'lowestEfficency'. There are lowestEfficiency, highestWastedBytes"),
        ("rules:\n  lowestEfficiency: 95%\n", "In .dive-ci, lowestEfficiency is '95%', and has to be a ratio"),
        ("rules:\n  highestWastedBytes: lots\n", "has to be a size such as 20MB"),
        ("rules: yes\n", "`rules` is no mapping"),
        ("rules: [lowestEfficiency]\n", "`rules` is no mapping"),
        ("just text\n", "it is no mapping"),
        ("rules:\n  lowestEfficiency: [0.9]\n", "has to be a single value"),
        ("rules:\n  lowestEfficiency: 0.9\n  lowestEfficiency: 0.8\n", "sets lowestEfficiency twice"),
        ("lowestEfficiency: 0.9\n", "stands outside of `rules:`"),
        ("\x00", ".dive-ci is not YAML"),
        ("[" * 100_000, ".dive-ci is not YAML"),
        ("#" * 1_100_000, "is too large"),
    ],
)
def test_a_file_of_rules_that_makes_no_sense_is_wrong_usage(orlop: Orlop, text: str, said: str) -> None:
    Path(".dive-ci").write_text(text)
    code, out, err = orlop("--demo", "hello-world")
    assert (code, out) == (exit_codes.USAGE, "")
    assert said in err
    assert len(err) < 400
    assert orlop("--demo", "hello-world", "--no-rules")[0] == 0


@pytest.mark.parametrize(
    ("text", "efficiency", "wasted", "user"),
    [
        ("", 0.9, None, 0.1),
        ("# nothing\n", 0.9, None, 0.1),
        ("rules:\n", 0.9, None, 0.1),
        ("rules: {}\nother: [1]\n", 0.9, None, 0.1),
        ("rules:\n  lowestEfficiency: ~\n", 0.9, None, 0.1),
        ('rules:\n  lowestEfficiency: "0.95"\n  highestWastedBytes: "20MB"\n', 0.95, 20_000_000, 0.1),
        ("rules:\n  lowestEfficiency: disabled\n  highestUserWastedPercent: off\n", None, None, None),
        ("rules:\n  lowest-efficiency-threshold: 0.8\n  highest-wasted-bytes: 123\n", 0.8, 123, 0.1),
        ("rules:\n  LOWESTEFFICIENCY: &x 0.5 # half\n  highestUserWastedPercent: *x\n", 0.5, None, 0.5),
        ("\ufeff---\nrules: {highestWastedBytes: 1KiB}\n---\nmore: 1\n", 0.9, 1024, 0.1),
    ],
)
def test_a_dive_ci_is_read_as_dive_reads_it(
    orlop: Orlop, text: str, efficiency: float | None, wasted: int | None, user: float | None
) -> None:
    Path(".dive-ci").write_text(text, encoding="utf-8")
    results = parsed(orlop("--demo", "hello-world", "--json")[1])["rules"]["results"]
    assert [(one["rule"], one["limit"]) for one in results] == [
        ("lowestEfficiency", efficiency),
        ("highestWastedBytes", wasted),
        ("highestUserWastedPercent", user),
    ]


def test_rules_that_can_not_be_read_and_flags_that_make_no_sense(orlop: Orlop) -> None:
    code, _, err = orlop("--demo", "hello-world", "--rules", "missing.yml")
    assert (code, err) == (2, "orlop: The rules file missing.yml can't be read: No such file or directory.\n")
    code, _, err = orlop("--demo", "hello-world", "--highest-wasted-bytes", "-1 MB")
    assert code == 2
    code, _, err = orlop("--demo", "hello-world", "--lowest-efficiency=95")
    assert (code, err.startswith("orlop: --lowest-efficiency: lowestEfficiency is '95'")) == (2, True)
    assert orlop("--demo", "hello-world", "--rules", "x", "--no-rules")[0] == 2
    Path(".dive-ci").symlink_to("nowhere")
    assert orlop("--demo", "hello-world")[0] == 2
