"""Layers as big as those of real images, made in a moment and always the same."""

from __future__ import annotations

import random

from tui.model.layer_files import Kind, LayerBuilder, LayerFiles


def debian_like(entries: int, layers: int, seed: int = 1) -> list[LayerFiles]:
    """One big layer and some smaller ones on it that add, change and delete; ``entries`` paths in all, or more."""
    chance = random.Random(seed)
    builder = LayerBuilder()
    folders = [f"usr/share/{a}/{b}" for a in range(entries // 500) for b in range(12)]
    for folder in {part for path in folders for part in _prefixes(path)}:
        builder.add(folder, Kind.FOLDER, 0, 0o755, 0, 0, 1_700_000_000)
    files = [f"{chance.choice(folders)}/file-{number}.txt" for number in range(entries)]
    for path in files:
        builder.add(path, Kind.FILE, chance.randrange(50_000), 0o644, 0, 0, 1_700_000_000)
    for number in range(entries // 200):
        builder.add(f"{chance.choice(folders)}/link-{number}", Kind.HARD_LINK, 0, 0o644, 0, 0, 0, chance.choice(files))
    built = [builder.build()]
    for number in range(1, layers):
        upper = LayerBuilder()
        for path in chance.sample(files, entries // 50):
            for folder in _prefixes(path.rpartition("/")[0]):
                upper.add(folder, Kind.FOLDER, 0, 0o755, 0, 0, 1_700_000_000 + number)
            upper.add(path, Kind.FILE, chance.randrange(50_000), 0o644, 0, 0, 1_700_000_000 + number)
        for path in chance.sample(files, entries // 100):
            upper.hide(path)
        upper.hide(chance.choice(folders))
        upper.make_opaque(chance.choice(folders))
        built.append(upper.build())
    return built


def many_layers(entries: int, layers: int) -> list[LayerFiles]:
    """Each layer adds its share of ``entries`` and touches the same hundred paths."""
    built = []
    for number in range(layers):
        builder = LayerBuilder()
        for index in range(100):
            builder.add(f"var/lib/dpkg/info-{index}", Kind.FILE, number + index + 1, 0o644, 0, 0, number)
        for index in range(entries // layers):
            builder.add(f"opt/app-{number}/{index % 20}/file-{index}", Kind.FILE, index + 1, 0o644, 0, 0, number)
        if number % 10 == 9:
            builder.hide(f"opt/app-{number - 5}")
        built.append(builder.build())
    return built


def _prefixes(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
