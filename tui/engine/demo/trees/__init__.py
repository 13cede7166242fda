"""What the stock images' layers hold, file by file: made up when somebody looks, and never before."""

from __future__ import annotations

from collections.abc import Mapping

from tui.engine.demo.files import File


def grown(tree: str, size_bytes: int) -> Mapping[str, File]:
    """The files of the tree of this name, which take just ``size_bytes``. The same ones every time.

    Raises:
        KeyError: there is no such tree.
    """
    # Imported here: the first screen of the demo shows no file.
    from tui.engine.demo.trees import alpine, debian, node, python, search, servers  # noqa: PLC0415

    trees = {
        "alpine": alpine.base,
        "alpine nginx": alpine.nginx,
        "alpine redis": alpine.redis,
        "debian": debian.base,
        "debian compilers": servers.compilers,
        "debian source control": servers.source_control,
        "go": servers.go,
        "node": node.runtime,
        "node yarn": node.yarn,
        "postgres": servers.postgres,
        "postgres locale": servers.postgres_locale,
        "python": python.interpreter,
        "python certificates": python.certificates,
        "search build": search.build,
        "search owner": search.owner,
        "search sources": search.sources,
        "search tools": search.tools,
        "shop front": node.front_modules,
        "shop front build": node.front_build,
        "shop requirements": python.requirements,
        "team requirements": python.team_requirements,
    }
    return trees[tree](size_bytes)
