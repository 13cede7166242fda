"""Every command of the main screen, in the order of help and footer."""

from __future__ import annotations

from tui.commands import changing, cleaning, general, marking, moving, storage
from tui.commands.command import Command
from tui.commands.key_catalogue import KeyCatalogue

COMMANDS: tuple[type[Command], ...] = (
    changing.Shell,
    changing.Execute,
    changing.Delete,
    changing.StartOrStop,
    changing.Restart,
    changing.PauseOrUnpause,
    changing.Kill,
    changing.Rename,
    marking.LiftProtection,
    marking.MarkHere,
    marking.MarkAllShown,
    marking.Unmark,
    marking.UnmarkAll,
    marking.WhyKept,
    cleaning.Plan,
    cleaning.Candidates,
    cleaning.Usage,
    cleaning.History,
    moving.FocusImages,
    moving.FocusContainers,
    moving.FocusVolumes,
    moving.FocusCache,
    moving.FocusDetails,
    moving.NextPane,
    moving.PreviousPane,
    moving.Back,
    moving.Filter,
    moving.SearchNext,
    moving.SearchPrevious,
    moving.Clear,
    moving.CycleSort,
    storage.Files,
    moving.Inspect,
    moving.OpenAll,
    moving.CloseAll,
    moving.NextTab,
    moving.PreviousTab,
    moving.Exact,
    moving.Zoom,
    moving.CopyId,
    moving.CopyName,
    moving.NextTheme,
    storage.Compare,
    storage.CompareWith,
    storage.LayerTree,
    storage.StorageMap,
    general.Refresh,
    general.Help,
    general.Palette,
    general.Redraw,
    general.Quit,
)

CURSOR_KEYS: tuple[tuple[str, str], ...] = (
    ("↑ ↓  k j", "Move; past the end, to the neighbouring pane."),
    ("→ ←  l h", "Open and close; out of the tree, to the details and back."),
    ("Enter", "Open, or jump to the object a row leads to."),
    ("PgUp PgDn  Ctrl+B Ctrl+F", "A screen up or down."),
    ("Home End  g G", "First and last row."),
    ("H L", "Scroll long rows sideways."),
)
"""The keys that the trees themselves answer to, for the help and docs/keys.md."""

MAIN = KeyCatalogue("The main screen", COMMANDS, "In the trees", CURSOR_KEYS)
