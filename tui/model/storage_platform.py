"""Which platform an engine is on, from what it says of itself and where it was found."""

from __future__ import annotations

from typing import NamedTuple

from tui.model.host import DOCKER, Host
from tui.model.storage_places import DESKTOP_LINUX_SOCKET, Platform


class Finding(NamedTuple):
    """Which platform an engine is on."""

    platform: Platform
    because: str
    """What of it says so, in words."""
    sure: bool = True
    """False when what the engine says of itself leaves room for another."""


def platform_of(host: Host) -> Finding:
    """Which platform an engine is on, from what it says of itself and where it was found."""
    url, name = host.endpoint.url, host.name.casefold()
    if host.product and host.product != DOCKER:
        return Finding(Platform.PODMAN, f"it calls itself {host.product}")
    if host.os_type == "windows":
        return Finding(Platform.WINDOWS_CONTAINERS, "its containers are Windows containers")
    if host.operating_system == "Docker Desktop":
        return _desktop(host, url)
    if name.startswith("colima") or "/.colima/" in url or "/colima/" in url:
        return Finding(Platform.COLIMA, f"its host is called {host.name}" if name.startswith("colima") else url)
    if host.rootless:
        return Finding(Platform.ROOTLESS, "its security options name rootless")
    if "microsoft" in host.kernel.casefold():
        return Finding(Platform.WSL, f"its kernel is {host.kernel}")
    if host.endpoint.url.startswith("demo"):
        return Finding(Platform.LINUX, "it pretends to be one")
    if "linuxkit" in host.kernel:
        return Finding(Platform.LINUX, f"its kernel is {host.kernel}: perhaps a virtual machine", sure=False)
    return Finding(Platform.LINUX, f"it is {host.product or 'an engine'} on {host.operating_system or 'Linux'}")


def _desktop(host: Host, url: str) -> Finding:
    """Docker Desktop calls itself the same on all three systems: its kernel and its socket tell them apart."""
    if "microsoft" in host.kernel.casefold():
        return Finding(Platform.WINDOWS, f"it is Docker Desktop on a kernel of WSL 2, {host.kernel}")
    if url.startswith("npipe:"):
        return Finding(Platform.WINDOWS, "it is Docker Desktop, and answers on a named pipe")
    if url.endswith(DESKTOP_LINUX_SOCKET.removeprefix("~")):
        return Finding(Platform.DESKTOP_LINUX, f"it is Docker Desktop, and answers at {url}")
    if url.startswith("unix:///Users/"):
        return Finding(Platform.MAC, f"it is Docker Desktop, and answers at {url}")
    because = f"it is Docker Desktop on kernel {host.kernel or 'unknown'}, and is on macOS most of the time"
    return Finding(Platform.MAC, because, sure=False)
