"""What the demo's containers wrote, as an engine tells it.

The rules were measured on engines 20.10 and 28 with overlay2, and on 28 with the containerd store, which agree:
what has changed is found by comparing the container's whole view with its image's, so an opaque folder is a modified
one with added and deleted entries in it, of a deleted folder only the folder itself is told, and of one that made way
for a file nothing but that; a folder is told as modified when something below it is, or its mode or owner.
"""

from __future__ import annotations

from collections.abc import Mapping
from posixpath import dirname

from tui.engine.demo.files import ContainerTree, File, folder, stack
from tui.engine.demo.layer_answers import as_layer_files
from tui.engine.demo.objects import DemoContainer
from tui.engine.errors import EngineFaultError
from tui.model.layer_files import Kind, LayerFiles
from tui.model.storage import Change, ChangeKind, PathStat

_KINDS = {"file": Kind.FILE, "dir": Kind.FOLDER, "link": Kind.SYMLINK}


def changes(container: DemoContainer) -> tuple[Change, ...]:
    """The container's differences from its image, by path."""
    lower, upper = container.image.tree, written(container)
    view = stack([upper], on=lower)
    kinds: dict[str, ChangeKind] = dict.fromkeys(view.keys() - lower.keys(), ChangeKind.ADDED)
    for path in lower.keys() - view.keys():
        parent = dirname(path)
        if parent in view and view[parent].kind == "dir":
            kinds[path] = ChangeKind.DELETED
    for path in upper.keys() & view.keys() & lower.keys():
        if _differs(view[path], lower[path]):
            kinds[path] = ChangeKind.MODIFIED
    for path in tuple(kinds):
        parent = dirname(path)
        while parent != "/" and parent not in kinds:
            kinds[parent] = ChangeKind.MODIFIED
            parent = dirname(parent)
    return tuple(sorted(Change(path[1:], kind) for path, kind in kinds.items()))


def writable_files(container: DemoContainer) -> LayerFiles:
    """The container's writable layer, as its folder on the engine's host holds it."""
    below = [layer.files for layer in container.image.layers]
    return as_layer_files(written(container), below, container.started or container.created)


def written(container: DemoContainer) -> Mapping[str, File]:
    """Its writable layer by absolute path, with the folders that were made for its mounts when it was first started."""
    if container.started is None:
        return container.upper
    tree = container.image.tree
    made = {
        mount.destination: folder()
        for mount in container.mounts
        if mount.destination.startswith("/") and mount.destination.strip("/") and mount.destination not in tree
    }
    return made | container.upper


def path_stat(container: DemoContainer, tree: ContainerTree, path: str) -> PathStat | None:
    """What is at ``path`` (relative to the root) of the container that sees ``tree``; ``None`` when nothing is.

    Raises:
        EngineFaultError: its links lead in a circle, which an engine has no better answer for.
    """
    absolute = f"/{path}"
    try:
        entry = tree.lookup(absolute, follow=False)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _circle(path) from error
    size = entry.size_bytes if entry.kind == "file" else 0
    target = _resolved(tree, absolute) if entry.kind == "link" else ""
    modified = _came(container, absolute) if entry.modified is None else entry.modified
    return PathStat(_KINDS[entry.kind], size, entry.mode, modified, target)


def _came(container: DemoContainer, path: str) -> float:
    """When what has no time of its own came to be: with its layer, or with the container."""
    steps = (step for step in reversed(container.image.steps) if step.layer is not None and path in step.layer.files)
    found = None if path in container.upper else next(steps, None)
    return (container.started or container.created) if found is None else found.created


def _resolved(tree: ContainerTree, path: str) -> str:
    """Where a symbolic link leads in the end, whether something is there or not."""
    try:
        return tree.resolve(path)
    except OSError as error:
        raise _circle(path[1:]) from error


def _circle(path: str) -> EngineFaultError:
    return EngineFaultError(
        f"The engine can't say what {path} is: its symbolic links lead in a circle.", "Look at the folder above it."
    )


def _differs(now: File, before: File) -> bool:
    if now.kind == before.kind == "dir":
        return (now.mode, now.owner, now.group) != (before.mode, before.owner, before.group)
    return True  # written again: another time at least
