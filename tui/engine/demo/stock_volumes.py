"""The stock volumes and their files, and the files that some containers have on bind mounts."""

from __future__ import annotations

from collections.abc import Mapping

from tui.engine.demo.digest import hex_id
from tui.engine.demo.files import File, blob, folder, text, total_bytes
from tui.engine.demo.objects import DemoVolume
from tui.engine.demo.stock_trunks import Ago
from tui.model.volume import ANONYMOUS_LABEL

REDIS_SCRATCH = hex_id("volume", "redis scratch")
"""The anonymous volume of an exited container."""

NOTES: Mapping[str, File] = {
    "/ideas.md": text("# Ideas\n\n- plot layer sizes\n- which volumes grow?\n"),
    "/sizes.py": text(
        "import csv\n\nwith open('sizes.csv') as rows:\n    print(sum(int(size) for _, size in csv.reader(rows)))\n"
    ),
    "/sizes.csv": text("debian,74784652\npython,50553100\n"),
}
"""What lies in the folder that the notebook container is shown."""

PROXY_CONFIG: Mapping[str, File] = {
    "/default.conf": text("server {\n    listen 80;\n    location / { proxy_pass http://agent:9100; }\n}\n")
}
"""What lies in the folder that the proxy is shown."""


def stock_volumes(ago: Ago) -> list[DemoVolume]:
    """All of them."""

    def shop(volume: str) -> dict[str, str]:
        compose = {"project": "shop", "version": "2.32.4", "volume": volume}
        return {f"com.docker.compose.{key}": value for key, value in compose.items()}

    nfs = {"type": "nfs", "o": "addr=nas.example.com,ro", "device": ":/export/media"}
    anonymous = {ANONYMOUS_LABEL: ""}
    return [
        DemoVolume(
            "shop_db-data",
            ago(31),
            labels=shop("db-data"),
            files=_database(1_912_604_672),
        ),
        DemoVolume(
            "shop_cache-data",
            ago(31),
            labels=shop("cache-data"),
            files={"/dump.rdb": blob(12_410_880, owner="redis"), "/appendonlydir": folder(owner="redis")},
        ),
        DemoVolume("shop_uploads", ago(31), labels=shop("uploads"), files=_uploads(341_900_288)),
        DemoVolume(
            "team-app-state",
            ago(50),
            files={"/state.db": blob(48_234_496), "/settings.json": text('{"workers": 4, "region": "eu"}\n')},
        ),
        DemoVolume(
            "pg-upgrade-backup",
            ago(210),
            labels={"note": "before the upgrade from 15 to 16"},
            files=_database(1_704_873_984, version="15"),
        ),
        DemoVolume("npm-cache", ago(95), files={"/_cacache/content-v2/packed": blob(612_368_384)}),
        DemoVolume("media", ago(120), options=nfs, size_known=False),
        DemoVolume(REDIS_SCRATCH, ago(4), labels=anonymous, files={"/dump.rdb": blob(88_704, owner="redis")}),
        DemoVolume(hex_id("volume", "old db"), ago(33), labels=anonymous, files=_database(46_137_344)),
        DemoVolume(hex_id("volume", "old state"), ago(19), labels=anonymous),
    ]


def _database(size_bytes: int, version: str = "16") -> dict[str, File]:
    files = {
        "/PG_VERSION": text(f"{version}\n", owner="postgres"),
        "/postgresql.conf": text("listen_addresses = '*'\nmax_connections = 100\n", owner="postgres"),
        "/pg_hba.conf": text("local all all trust\nhost all all all scram-sha-256\n", owner="postgres"),
        "/base/1/1259": blob(122_880, owner="postgres"),
        "/pg_wal/000000010000000000000042": blob(16_777_216, owner="postgres"),
        "/global/pg_control": blob(8_192, owner="postgres"),
    }
    files["/base/16384/24601"] = blob(size_bytes - total_bytes(files.values()), owner="postgres")
    return files


def _uploads(size_bytes: int) -> dict[str, File]:
    files = {
        f"/2025/{month:02}/photo-{number:03}.jpg": blob(2_418_377 + 1777 * number)
        for month in (11, 12)
        for number in range(40)
    }
    files["/2025/11/catalogue.pdf"] = blob(size_bytes - total_bytes(files.values()))
    return files
