"""The layer tree across images in words: one layer's facts, and what the whole amounts to."""

from __future__ import annotations

from tui.model.estimate import Estimate
from tui.model.holdings import Holdings
from tui.model.host import CONTAINERD_STORE, DOCKER
from tui.model.inventory import Inventory
from tui.model.layer_forest import LayerForest, LayerNode
from tui.model.reclaim import freed_bytes
from tui.present import figures
from tui.present.layer import command_facts
from tui.present.layer_forest import LayerSpot, RunSpot, Spot, layer_of, names_here
from tui.present.removal import freed_text
from widgets.cell import Cell, Fact, Line, Role, Section


def spot_sections(spot: Spot, forest: LayerForest, inventory: Inventory, holdings: Holdings) -> tuple[Section, ...]:
    """Everything about the row under the cursor."""
    layer = layer_of(spot)
    about = _run(spot) if isinstance(spot, RunSpot) else _layer(spot, inventory)
    sections = (about, _standing(layer, inventory, holdings), _commands(layer, inventory))
    return tuple(section for section in (*sections, whole_section(forest, inventory)) if section.facts)


def _layer(spot: LayerSpot, inventory: Inventory) -> Section:
    layer = spot.layer
    names = names_here(layer, inventory)
    facts = (
        *(Fact(" " if number else "Image", (Cell(name, Role.STRONG),)) for number, name in enumerate(names)),
        *command_facts(layer.created_by),
        _bytes("Own bytes", layer.own_bytes, "in this layer alone"),
        _bytes("Tree", layer.tree_bytes, _growing(layer)),
        Fact("Position", (Cell(f"layer {layer.depth + 1}, counted from the bottom"),)),
        Fact("Created", (Cell(figures.age(layer.created)),), exact=figures.date(layer.created)),
        Fact("Chain ID", (Cell(layer.chain_id, Role.MUTED),)),
        Fact("Diff ID", (Cell(layer.diff_id, Role.MUTED),)),
    )
    return Section("", facts)


def _growing(layer: LayerNode) -> str:
    words = "with all layers that grow from it" if layer.children else "nothing grows from it"
    return f"{words}; {figures.count(layer.unknown, 'size')} not known" if layer.unknown else words


def _run(spot: RunSpot) -> Section:
    own = [layer.own_bytes for layer in spot.layers]
    first, last = spot.layers[0].depth + 1, spot.layers[-1].depth + 1
    facts = [
        Fact("Layers", (Cell(f"{len(own)}: {first} to {last}, counted from the bottom"),)),
        _bytes("Own bytes", sum(one or 0 for one in own), "in these layers together"),
        _bytes("Tree", spot.layers[0].tree_bytes, _growing(spot.layers[0])),
        Fact("", (Cell("Nothing ends or branches between them. → opens them.", Role.MUTED),)),
    ]
    for layer in spot.layers:
        facts.append(Fact(figures.size(layer.own_bytes), command_facts(layer.created_by)[0].value))
    return Section("", tuple(facts))


def _standing(layer: LayerNode, inventory: Inventory, holdings: Holdings) -> Section:
    images, users = set(layer.image_ids), set(layer.container_ids)
    stand = figures.count(len(images), "image"), figures.count(len(users), "container")
    facts = [Fact("", (Cell(f"{stand[0]} and {stand[1]} stand on it."),))]
    if images:
        went = "this image" if len(images) == 1 else f"all {len(images):,} images"
        facts.append(_freed(f"If {went} went", freed_bytes(inventory, holdings, images=images)))
    if users:
        who = "this container" if len(users) == 1 else f"all {len(users):,} containers"
        went = f"{who} went with {'it' if len(images) == 1 else 'them'}" if images else f"{who} went"
        facts.append(_freed(f"If {went}", freed_bytes(inventory, holdings, images=images, containers=users)))
    return Section("Who needs it", tuple(facts))


def _freed(went: str, estimate: Estimate) -> Fact:
    sentence = freed_text(estimate)
    return Fact("", (Cell(f"{went}: ", Role.MUTED), Cell(sentence[:1].lower() + sentence[1:])))


def _commands(layer: LayerNode, inventory: Inventory) -> Section:
    """How to see the same with the engine's own command."""
    names = [tag for one in layer.image_ids if (image := inventory.images_by_id.get(one)) for tag in image.tags]
    if not names:
        return Section("")
    host = inventory.host
    cli = "podman" if host is not None and host.product not in {"", DOCKER} else "docker"
    facts = [
        Fact("", (Cell(f"{cli} history {names[0]}", Role.ACCENT),)),
        Fact("", (Cell(f"{cli} image inspect -f '{{{{json .RootFS.Layers}}}}' {names[0]}", Role.ACCENT),)),
    ]
    return Section("Check it with", tuple(facts))


def _bytes(label: str, count: int | None, words: str) -> Fact:
    value: Line = (Cell(figures.size(count), Role.NUMBER), Cell(f"  {words}", Role.MUTED))
    return Fact(label, value, exact=figures.exact_bytes(count))


# -- the whole ------------------------------------------------------------------------------------


def count_words(forest: LayerForest, layers: int) -> str:
    """How much there is of it, for the title."""
    return f"{figures.count(layers, 'layer')}, {figures.size(forest.total_bytes)}"


def total_line(forest: LayerForest, inventory: Inventory) -> Line:
    """The sum over all layers beside the engine's own total, and what lies between them in words."""
    waiting = sum(image_id in inventory.images_by_id for image_id in forest.unread)
    if waiting:
        of = len(inventory.images)
        return (Cell(f" read {of - waiting:,} of {of:,} images; ", Role.WARNING), *_sum(forest, "so far"))
    total = _sum(forest, "in all layers, each once")
    held = forest.total_bytes - forest.image_bytes
    only = f"; {figures.exact_bytes(held)} more held by containers alone" if held else ""
    if forest.unread:
        # The image under a container, removed by force: the engine does not tell its layers any more.
        only += f"; {figures.count(len(forest.unread), 'removed image')} under containers can't be read"
    return (*total, *_against_engine(forest, inventory), Cell(only, Role.WARNING))


def _sum(forest: LayerForest, words: str) -> Line:
    return (Cell(f" {figures.exact_bytes(forest.image_bytes)}", Role.NUMBER), Cell(f" {words}", Role.NORMAL))


def _against_engine(forest: LayerForest, inventory: Inventory) -> Line:
    gap = forest.gap_bytes
    if inventory.usage is None:
        return (Cell("; the engine is still adding up its own total", Role.MUTED),)
    if gap is None:
        return (Cell("; the engine tells no total of its own (LayersSize)", Role.MUTED),)
    theirs = figures.exact_bytes(forest.image_bytes + gap)
    if forest.unknown_sizes:
        many = figures.count(len(forest.unknown_sizes), "layer")
        return (Cell(f"; LayersSize {theirs}: the size of {many} is not known", Role.WARNING),)
    if _on_containerd(inventory):
        return (Cell(f"; LayersSize {theirs} has compressed copies, too: an estimate", Role.WARNING),)
    if not gap:
        return (Cell(" = LayersSize, to the byte", Role.GOOD),)
    more = "more" if gap > 0 else "less"
    words = f"; LayersSize is {figures.exact_bytes(abs(gap))} {more}, and perhaps from before: r reads it again"
    return (Cell(words, Role.WARNING),)


def _on_containerd(inventory: Inventory) -> bool:
    return inventory.host is not None and inventory.host.image_store == CONTAINERD_STORE


def whole_section(forest: LayerForest, inventory: Inventory) -> Section:
    """The same in sentences: what is exact, what is an estimate, and what is not in it. Empty when all is exact."""
    words = []
    if _on_containerd(inventory):
        words.append(
            "Who shares which layers is exact. Sizes are those of unpacked files, rounded up to disk blocks; the "
            "engine's own total (LayersSize) counts the compressed copy it keeps of each layer, too, and does not tell "
            "what those take layer by layer."
        )
    elif forest.gap_bytes is None and inventory.usage is not None:
        words.append("This engine tells no total of its own: the sum can't be held against anything.")
    elif forest.gap_bytes and not forest.unread and not forest.unknown_sizes:
        words.append(
            "On this store the sum of all layers, each once, is the engine's LayersSize to the byte. That total is "
            "read less often than the images: when they differ, images have come or gone since. r reads both again."
        )
    if forest.unknown_sizes:
        many = figures.count(len(forest.unknown_sizes), "layer")
        words.append(f"The size of {many} is not known: their images' history does not tell which step made which.")
    if held := forest.total_bytes - forest.image_bytes:
        words.append(
            f"{figures.size(held)} are held by containers alone, whose image was removed by force: they stay on the "
            "disk until those containers go."
        )
    if forest.empty:
        words.append(f"{figures.count(len(forest.empty), 'image')} without any layer can't be seen here.")
    return Section("About the total", tuple(Fact("", (Cell(one, Role.MUTED),)) for one in words))
