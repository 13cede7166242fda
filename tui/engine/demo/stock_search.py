"""The stock image that shows what waste is: tools deleted too late, files copied for their owner's sake."""

from __future__ import annotations

from tui.engine.demo.files import File, folder, text
from tui.engine.demo.objects import BUILDKIT, DemoImage, ImageConfig, Step, make_image
from tui.engine.demo.stock_commands import SEARCH_BUILD, SEARCH_OWNER, SEARCH_SETTINGS, SEARCH_TOOLS, run
from tui.engine.demo.stock_trunks import Ago, debian, layer, meta, small, users

_DAYS = 3.0


def search_image(ago: Ago) -> DemoImage:
    """``team/search``: of its half a gigabyte, less than a third can be seen in the end."""
    settings: dict[str, File] = {
        "/etc/search/conf.d": folder()._replace(opaque=True),
        "/etc/search/conf.d/10-stopwords.conf": text("the a an of in on at by for\n"),
    }
    yaml: dict[str, File] = {"/etc/search/search.yaml": text("listen: 0.0.0.0:7700\nmodel: large\nlog: info\n")}
    accounts = users("search:x:1001:1001::/opt/search:/usr/sbin/nologin\n", "search:x:1001:\n")
    when = ago(_DAYS)
    steps = [
        *debian(ago),
        Step(when, run(SEARCH_TOOLS), layer("search tools", 374_062_080, tree="search tools"), BUILDKIT),
        Step(when, "COPY . /src # buildkit", layer("search sources", 46_170_112, tree="search sources"), BUILDKIT),
        Step(when, run(SEARCH_BUILD), layer("search build", 61_865_984, files=accounts, tree="search build"), BUILDKIT),
        Step(when, run(SEARCH_SETTINGS), small("search settings", settings), BUILDKIT),
        Step(when, run(SEARCH_OWNER), layer("search owner", 61_341_696, tree="search owner"), BUILDKIT),
        Step(when, "COPY search.yaml /etc/search/ # buildkit", small("search yaml", yaml), BUILDKIT),
        meta(when, "USER search"),
        meta(when, "EXPOSE map[7700/tcp:{}]"),
        meta(when, 'CMD ["/opt/search/bin/searchd"]'),
    ]
    config = ImageConfig(
        (),
        ("/opt/search/bin/searchd",),
        ("PATH=/opt/search/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",),
        "search",
        "/opt/search",
        ("7700/tcp",),
        labels={"team": "data"},
    )
    return make_image("team/search 0.9", steps, config, tags=["team/search:0.9"])
