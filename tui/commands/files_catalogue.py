"""Every command of the Files screen, in the order of help and footer."""

from __future__ import annotations

from tui.commands import files_commands as files
from tui.commands import over_main
from tui.commands import paths_commands as paths
from tui.commands.find_commands import OpenFind
from tui.commands.key_catalogue import KeyCatalogue

_CURSOR_KEYS: tuple[tuple[str, str], ...] = (
    ("↑ ↓  k j", "Move."),
    ("→ ←  l h", "Open and close folders; from a layer to its files, and back."),
    ("Enter", "Open or close a folder, view a file, follow a link; from a layer to its files."),
    ("PgUp PgDn  Ctrl+B Ctrl+F", "A screen up or down."),
    ("Home End  g G", "First and last row."),
    ("H L", "Scroll long rows sideways."),
)

FILES = KeyCatalogue(
    "Files",
    (
        files.OtherSide,
        over_main.PreviousPart,
        files.Filter,
        OpenFind,
        files.CycleSort,
        files.Alone,
        files.View,
        files.WriteOut,
        files.Touches,
        files.JumpBack,
        files.ToggleAdded,
        files.ToggleModified,
        files.ToggleRemoved,
        files.ToggleUnmodified,
        paths.SearchNext,
        paths.SearchPrevious,
        paths.OpenAll,
        paths.CloseAll,
        files.LayerAbove,
        files.LayerBelow,
        files.FocusLayers,
        files.FocusFiles,
        files.FocusFacts,
        over_main.Exact,
        paths.Zoom,
        files.CopyPath,
        files.CopyName,
        over_main.NextTheme,
        files.Reload,
        over_main.Clear,
        files.GoBack,
        over_main.Help,
        over_main.Palette,
        over_main.Redraw,
        over_main.Quit,
    ),
    "In the layers and the tree",
    _CURSOR_KEYS,
)
