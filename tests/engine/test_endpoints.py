"""Which engine is meant, and that docker's own reader of contexts agrees."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from docker.context import ContextAPI
from docker.tls import TLSConfig

from tui import locations
from tui.engine.address import TlsFiles
from tui.engine.contexts import context_names, current_context
from tui.engine.endpoints import resolve, spelled_out
from tui.engine.errors import BadEndpointError, TlsError, UnknownContextError

MakeContext = Callable[..., None]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A user's home folder with nothing in it."""
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def default_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A default socket of this test's own, which exists."""
    path = tmp_path / "docker.sock"
    path.touch()
    monkeypatch.setattr(locations, "DEFAULT_SOCKET", path)
    return path


@pytest.fixture
def make_context(home: Path, monkeypatch: pytest.MonkeyPatch) -> MakeContext:
    """Make docker contexts in ``home``, with docker's own code."""
    monkeypatch.setenv("DOCKER_CONFIG", str(home / ".docker"))
    (home / ".docker").mkdir()
    (home / ".docker" / "config.json").write_text("{}")

    def make(name: str, host: str, tls: TLSConfig | None = None, skip_tls_verify: bool = False) -> None:
        ContextAPI.create_context(name, host=host, tls_cfg=tls, skip_tls_verify=skip_tls_verify)

    return make


def certificates(folder: Path) -> TLSConfig:
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("ca.pem", "cert.pem", "key.pem"):
        (folder / name).write_text(f"{name} of nobody\n")
    files = (str(folder / "cert.pem"), str(folder / "key.pem"))
    return TLSConfig(client_cert=files, ca_cert=str(folder / "ca.pem"), verify=True)


def test_flags_win_over_the_environment_and_the_environment_over_dockers_settings(
    home: Path, make_context: MakeContext, default_socket: Path
) -> None:
    for name in ("flag", "environment", "current"):
        make_context(name, f"ssh://{name}:22")
    config = home / ".docker" / "config.json"
    config.write_text(json.dumps({"currentContext": "current"}))
    everything = {"DOCKER_HOST": "tcp://variable:2375", "DOCKER_CONTEXT": "environment"}

    by_host = resolve("tcp://host:2375", None, everything, home).endpoint
    assert (by_host.url, by_host.context, by_host.source) == ("tcp://host:2375", "", "--host")

    by_context = resolve(None, "flag", everything, home).endpoint
    assert (by_context.url, by_context.context, by_context.source) == ("ssh://flag:22", "flag", "--context 'flag'")

    by_variable = resolve(None, None, everything, home).endpoint
    assert (by_variable.url, by_variable.context, by_variable.source) == ("tcp://variable:2375", "", "DOCKER_HOST")

    by_context_variable = resolve(None, None, {"DOCKER_CONTEXT": "environment"}, home).endpoint
    assert (by_context_variable.url, by_context_variable.context) == ("ssh://environment:22", "environment")
    assert by_context_variable.source == "DOCKER_CONTEXT 'environment'"

    by_settings = resolve(None, None, {}, home).endpoint
    assert (by_settings.url, by_settings.context) == ("ssh://current:22", "current")
    assert by_settings.source == "docker's current context 'current'"

    config.write_text("{}")
    by_default = resolve(None, None, {}, home).endpoint
    assert (by_default.url, by_default.context) == (f"unix://{default_socket}", "")
    assert by_default.source == "the default socket"


def test_empty_variables_are_as_good_as_none(home: Path, default_socket: Path) -> None:
    environ = {"DOCKER_HOST": "", "DOCKER_CONTEXT": "", "DOCKER_CONFIG": "", "DOCKER_TLS_VERIFY": ""}
    assert resolve(None, None, environ, home).endpoint.url == f"unix://{default_socket}"


@pytest.mark.parametrize(("host", "context"), [("", None), (None, ""), ("  ", None)])
def test_empty_flags_are_errors_since_the_default_engine_was_not_meant(
    home: Path, host: str | None, context: str | None
) -> None:
    with pytest.raises((BadEndpointError, UnknownContextError)):
        resolve(host, context, {}, home)


@pytest.mark.parametrize("asked_by", ["--context", "DOCKER_CONTEXT", "docker's current context"])
def test_a_context_that_does_not_exist_is_never_the_default_socket(
    home: Path, make_context: MakeContext, asked_by: str
) -> None:
    make_context("real", "tcp://real:2375")
    environ = {"DOCKER_CONTEXT": "gone"} if asked_by == "DOCKER_CONTEXT" else {}
    if asked_by.startswith("docker"):
        (home / ".docker" / "config.json").write_text('{"currentContext": "gone"}')
    with pytest.raises(UnknownContextError) as caught:
        resolve(None, "gone" if asked_by == "--context" else None, environ, home)
    assert f"'gone' (from {asked_by})" in caught.value.message
    assert "default, real" in caught.value.next_step


@pytest.mark.parametrize("content", ["{", '"text"', "\xff"])
def test_settings_that_cannot_be_read_may_name_another_engine(home: Path, content: str) -> None:
    (home / ".docker").mkdir()
    (home / ".docker" / "config.json").write_bytes(content.encode("latin-1"))
    with pytest.raises(BadEndpointError, match=r"config\.json may name the engine"):
        resolve(None, None, {}, home)
    assert resolve("tcp://h:1", None, {}, home).endpoint.url == "tcp://h:1"


@pytest.mark.parametrize("meta", ["{", "[]", '{"Name": "x"}', '{"Endpoints": {"docker": {"Host": 3}}}'])
def test_a_context_that_cannot_be_understood_is_an_error(home: Path, meta: str) -> None:
    path = locations.docker_context_meta_file("x", {}, home)
    path.parent.mkdir(parents=True)
    path.write_text(meta)
    with pytest.raises((BadEndpointError, UnknownContextError), match="docker context 'x'"):
        resolve(None, "x", {}, home)


def test_the_default_context_is_what_docker_host_says(home: Path, default_socket: Path) -> None:
    plain = resolve(None, "default", {}, home).endpoint
    assert plain.url == f"unix://{default_socket}"
    moved = resolve(None, "default", {"DOCKER_HOST": "tcp://elsewhere:1"}, home).endpoint
    assert moved.url == "tcp://elsewhere:1"
    assert "DOCKER_HOST" in moved.source


def test_our_reader_of_contexts_agrees_with_dockers(home: Path, tmp_path: Path, make_context: MakeContext) -> None:
    make_context("plain", "tcp://10.0.0.1:2375")
    make_context("secure", "tcp://10.0.0.2:2376", certificates(tmp_path / "given"))
    make_context("over ssh/ü", "ssh://ops@build:2222")
    make_context("socket", "unix:///somewhere/docker.sock")
    environ = {"DOCKER_CONFIG": str(home / ".docker")}

    assert set(context_names(environ, home)) == {found.Name for found in ContextAPI.contexts()}
    for name in ("plain", "secure", "over ssh/ü", "socket"):
        theirs = ContextAPI.get_context(name)
        ours = resolve(None, name, environ, home)
        # docker-py stores a socket's address as its HTTP library wants it.
        assert ours.endpoint.url == str(theirs.Host).removeprefix("http+")
        if theirs.TLSConfig is None:
            # What docker-py stores for a TCP address is https, for which the system's authorities will do.
            assert ours.tls == (TlsFiles() if str(theirs.Host).startswith("https") else None)
        else:
            assert ours.tls is not None
            assert (ours.tls.certificate, ours.tls.key) == theirs.TLSConfig.cert
            assert (ours.tls.ca, ours.tls.verify) == (theirs.TLSConfig.ca_cert, theirs.TLSConfig.verify)

    ContextAPI.set_current_context("secure")
    assert current_context(environ, home) == ContextAPI.get_current_context().Name == "secure"


def test_the_docker_commands_own_spelling_of_a_context(home: Path, tmp_path: Path) -> None:
    """As `docker context create` 20.10 to 28 writes it; docker-py differs in what it leaves out."""
    folder = locations.docker_context_meta_file("remote", {}, home).parent
    folder.mkdir(parents=True)
    meta = {
        "Name": "remote",
        "Metadata": {"Description": "a far one"},
        "Endpoints": {"docker": {"Host": "tcp://far:2376", "SkipTLSVerify": False}},
    }
    (folder / "meta.json").write_text(json.dumps(meta))
    assert resolve(None, "remote", {}, home).tls is None

    certificates(locations.docker_context_tls_folder("remote", {}, home))
    secured = resolve(None, "remote", {"DOCKER_HOST": "unix:///ignored"}, home)
    assert secured.endpoint.url == "tcp://far:2376"
    assert secured.tls is not None
    assert secured.tls.verify
    assert Path(secured.tls.ca).read_text() == "ca.pem of nobody\n"


def test_certificates_of_the_environment(home: Path, tmp_path: Path) -> None:
    certificates(tmp_path / "certs")
    folder = tmp_path / "certs"
    environ = {"DOCKER_HOST": "tcp://far", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": str(folder)}
    found = resolve(None, None, environ, home)
    assert found.endpoint.url == "tcp://far:2376"
    assert found.tls == TlsFiles(str(folder / "ca.pem"), str(folder / "cert.pem"), str(folder / "key.pem"))

    unverified = resolve(None, None, {**environ, "DOCKER_TLS_VERIFY": ""}, home).tls
    assert unverified is not None
    assert not unverified.verify

    assert resolve("unix:///a.sock", None, environ, home).tls is None
    assert resolve("http://far:2375", None, environ, home).tls is None
    assert resolve("https://far:2376", None, {}, home).tls == TlsFiles()

    (folder / "key.pem").unlink()
    with pytest.raises(TlsError, match=r"only .*cert\.pem"):
        resolve(None, None, environ, home)
    with pytest.raises(TlsError, match=r"\.docker/ca\.pem"):
        resolve(None, None, {"DOCKER_HOST": "tcp://far", "DOCKER_TLS_VERIFY": "1"}, home)


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("unix:///run/docker.sock", "unix:///run/docker.sock"),
        ("/run/docker.sock", "unix:///run/docker.sock"),
        ("tcp://host", "tcp://host:2375"),
        ("host:4000", "tcp://host:4000"),
        ("https://host", "https://host:2376"),
        ("tcp://[::1]:2375", "tcp://[::1]:2375"),
        ("tcp://[::1]", "tcp://[::1]:2375"),
        ("ssh://Ops@BuildBox", "ssh://Ops@BuildBox"),
        ("ssh://host:2222/run/user/1000/docker.sock", "ssh://host:2222/run/user/1000/docker.sock"),
        ("npipe:////./pipe/other", "npipe:////./pipe/other"),
        ("npipe://", locations.DEFAULT_PIPE),
        (" tcp://host:1 ", "tcp://host:1"),
    ],
)
def test_addresses_are_spelled_out(address: str, url: str) -> None:
    assert spelled_out(address) == url


@pytest.mark.parametrize(
    "address",
    [
        "fd://",
        "tcp://",
        "tcp://host:port",
        "tcp://host:99999",
        "ftp://host",
        "unix://relative/path",
        "ssh://",
        "ssh://-oProxyCommand=touch",
        "ssh://-l@host",
        "ssh://user:secret@host",
        "tcp://ho st:1",
        "tcp://host:1?query",
        "tcp://[::1",
        "unix:///a\x1b[31m",
    ],
)
def test_addresses_that_make_no_sense(address: str) -> None:
    with pytest.raises(BadEndpointError) as caught:
        spelled_out(address, named_by="DOCKER_HOST")
    assert "DOCKER_HOST" in caught.value.message
    assert caught.value.next_step
    assert "secret" not in str(caught.value)


@pytest.fixture
def runtime(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    (folder / "podman").mkdir(parents=True)
    return folder


def listening(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(1)
    return listener


def test_other_sockets_are_tried_when_the_default_does_not_exist(
    home: Path, runtime: Path, default_socket: Path
) -> None:
    environ = {"XDG_RUNTIME_DIR": str(runtime)}
    closing_down = listening(runtime / "docker.sock")
    closing_down.close()  # What a dead engine leaves behind.
    with closing(listening(runtime / "podman" / "podman.sock")):
        assert resolve(None, None, environ, home).endpoint.url == f"unix://{default_socket}"
        default_socket.unlink()
        found = resolve(None, None, environ, home).endpoint
        assert found.url == f"unix://{runtime}/podman/podman.sock"
        assert found.source == f"found there; {default_socket} does not exist"
        # Whoever asks for the default context by name gets that one or nothing.
        assert resolve(None, "default", environ, home).endpoint.url == f"unix://{default_socket}"
    assert resolve(None, None, environ, home).endpoint.url == f"unix://{default_socket}"
