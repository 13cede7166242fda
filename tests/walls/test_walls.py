"""The walls of the house, where import-linter's contracts hold them and where only reading does."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from tests.walls.sources import ROOMS, ROOT, Source, sources, style_files

COLOUR = re.compile(
    r"#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})(?![0-9a-z_-])|\b(?:rgba?|hsla?)\(\s*[0-9]", re.IGNORECASE
)
"""A colour's value. A selector such as ``#add`` looks the same: call the widget something else."""

NAMED_COLOUR = re.compile(
    r"(?:^|[;{\s])(?:color|background|tint|background-tint|(?:border|outline)-(?:title|subtitle)-color"
    r"|scrollbar-(?:color|background|corner-color)[a-z-]*|link-[a-z-]+color)\s*:\s*(?P<value>[a-z][a-z_0-9]*)\b",
    re.MULTILINE,
)
NO_COLOUR = {"auto", "initial", "transparent", "inherit", "ansi_default"}

ON_DISK = re.compile(
    r"^(?:~|/(?:home|var|run|tmp|etc|Users|root|opt)(?:/|$))|(?:^|/)\.docker\b|docker\.sock|XDG_|APPDATA"
)
SHOWN_TO_PEOPLE = {"tui/model/storage_places.py"}
"""Tables of where engines keep their data."""
LOOKS_FOR_FOLDERS = {"expanduser", "home", "gettempdir", "user_config_dir", "user_cache_dir", "user_state_dir"}


def test_the_contracts_of_pyproject_are_kept() -> None:
    lint_imports = Path(sysconfig.get_path("scripts")) / "lint-imports"
    done = subprocess.run(
        [sys.executable, str(lint_imports), "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_colour_values_stand_in_themes_alone() -> None:
    texts = [(f"{source.name}:{line}", text) for source in sources("tui", "widgets") for line, text in source.texts]
    texts += [(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in style_files()]
    assert [f"{place}: {colour}" for place, text in texts for colour in _colours(text)] == []


def _colours(text: str) -> list[str]:
    named = [match["value"] for match in NAMED_COLOUR.finditer(text) if match["value"] not in NO_COLOUR]
    return [match.group() for match in COLOUR.finditer(text)] + named


def test_no_import_of_ours_is_hidden() -> None:
    """import-linter sees imports in functions and under TYPE_CHECKING; the latter stay in their room all the same."""
    assert [hidden for source in sources() for hidden in _hidden_imports(source)] == []


def _hidden_imports(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            ours = [name for name in _imported(node) if name.partition(".")[0] in ROOMS]
            yield from (f"{source.name}:{node.lineno}: {name}" for name in ours if not name.startswith(source.room))
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("import_module", "__import__"):
                yield f"{source.name}:{node.lineno}: {called}"


def _imported(node: ast.AST) -> list[str]:
    names: list[str] = []
    for inner in ast.walk(node):
        if isinstance(inner, ast.Import):
            names += [alias.name for alias in inner.names]
        elif isinstance(inner, ast.ImportFrom):
            names.append("." * inner.level + (inner.module or ""))
    return names


def test_only_locations_names_paths_on_the_users_disk() -> None:
    # The demo's paths are those of a made-up host; the others' are there to be read, and nobody opens them.
    rooms = [source for source in sources() if not source.name.startswith("tui/engine/demo/")]
    named = {"tui/locations.py", *SHOWN_TO_PEOPLE}
    assert [path for source in rooms if source.name not in named for path in _paths(source)] == []


def test_paths_that_are_shown_to_people_are_not_opened() -> None:
    for source in sources():
        if source.name in SHOWN_TO_PEOPLE:
            assert set(_imported(source.tree)) <= {"__future__", "enum", "typing"}
            assert "open(" not in source.path.read_text(encoding="utf-8")


def _paths(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in LOOKS_FOR_FOLDERS and _is_path_like(node.value):
            yield f"{source.name}:{node.lineno}: {node.attr}"
    yield from (f"{source.name}:{line}: {text!r}" for line, text in source.texts if _names_a_path(text))


def _names_a_path(text: str) -> bool:
    """True for a text that is a path, not a sentence in which one is mentioned to the user."""
    # A lone tilde is the sign of a change, or of an estimate.
    return " " not in text.strip() and text.strip() != "~" and bool(ON_DISK.search(text))


def _is_path_like(node: ast.expr) -> bool:
    """True for ``Path``, ``os.path``, ``tempfile`` and ``platformdirs`` (and not for a widget's ``home``)."""
    return ast.unparse(node) in ("Path", "pathlib.Path", "os.path", "tempfile", "platformdirs")


def test_the_walls_are_seen() -> None:
    """A wall that matches nothing holds nothing."""
    assert _colours("a { color: red; background: $panel 20%; border: tall #ff00ff; }") == ["#ff00ff", "red"]
    assert _colours("bold rgb(1, 2, 3)") == ["rgb(1"]
    assert _colours("#images { color: auto; } issue #facade-12") == []
    assert _names_a_path("~/.docker")
    assert _names_a_path("/var/run/docker.sock")
    assert not _names_a_path("Write it as unix:///run/docker.sock please.")
    assert any(source.name == "tui/locations.py" and any(_paths(source)) for source in sources())

    folder = ROOT / "tui" / "panes"
    code = 'from pathlib import Path\nif TYPE_CHECKING:\n    from tui.app import X\n__import__("tui")\nPath.home()\n'
    guilty = Source(folder / "guilty.py")
    guilty.__dict__["tree"] = ast.parse(code)
    assert list(_hidden_imports(guilty)) == ["tui/panes/guilty.py:2: tui.app", "tui/panes/guilty.py:4: __import__"]
    assert list(_paths(guilty)) == ["tui/panes/guilty.py:5: home"]
