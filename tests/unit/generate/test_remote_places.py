"""Where a remote generator is, and what this machine has to be let in: what is known before Ray is asked."""

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from director import __version__
from director.errors import GeneratorError, UsageError
from director.generate import generator, live_options
from director.generate.protocol import GeneratorSettings
from director.generate.remote.access import certificates, give_local_token, own_token
from director.generate.remote.address import ClusterAddress, cluster_address, is_remote, remote_name
from director.generate.remote.cluster import check_versions
from director.generate.remote.drawer import Drawer, Loaded, Picture, Refused
from director.generate.remote.generator import RECONNECTS
from tests.model.asked import conditioning


@pytest.fixture
def nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment without tokens and certificates."""
    for name in ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH", "RAY_USE_TLS"):
        # Set before it is removed, it is gone again afterwards whatever the test makes of it.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    return monkeypatch


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("farm", "farm", 6379),
        ("10.0.0.5:6400", "10.0.0.5", 6400),
        ("ray://farm.studio", "farm.studio", 10001),
        ("ray://farm:99", "farm", 99),
        ("[::1]:6379", "::1", 6379),
    ],
)
def test_an_address_is_read(text: str, host: str, port: int) -> None:
    assert cluster_address(text) == ClusterAddress(host, port)


def test_local_is_no_address_and_an_address_is_written_as_it_is_typed() -> None:
    assert cluster_address("local") is None
    assert str(ClusterAddress("::1", 6379)) == "[::1]:6379"
    assert str(ClusterAddress("farm", 10001)) == "farm:10001"


@pytest.mark.parametrize("text", ["", "farm:", "farm:0", "farm:70000", "a b", "http://farm:1", "farm:1:2"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no address"):
        cluster_address(text)


def test_a_remote_generator_is_named_after_its_address() -> None:
    assert remote_name("ray://farm:10001/proxy") == (ClusterAddress("farm", 10001), "proxy")
    assert remote_name("ray://farm") == (ClusterAddress("farm", 10001), "embedded")
    assert remote_name("ray://farm//models/mine")[1] == "/models/mine"
    assert is_remote("ray://farm/proxy")
    assert not is_remote("proxy")
    with pytest.raises(UsageError, match="names no generator"):
        remote_name("ray://farm/")


def test_it_is_to_a_take_what_the_generator_there_is() -> None:
    remote, alike = generator("ray://farm:1/sd-turbo"), generator("sd-turbo")
    assert (remote.name, remote.maps) == (alike.name, alike.maps)
    assert live_options(alike) == {"live": 1}
    assert live_options(remote) == {"live": 1, RECONNECTS: 1}
    assert live_options(generator("ray://farm:1/proxy")) == {RECONNECTS: 1}
    assert live_options(generator("proxy")) == {}
    made = remote(GeneratorSettings(options={RECONNECTS: 1, "steps": 2}))
    assert made.size_for(1920, 1080) == alike(GeneratorSettings()).size_for(1920, 1080)
    with pytest.raises(UsageError, match="no generator 'nonsense'"):
        generator("ray://farm:1/nonsense")
    with pytest.raises(UsageError, match="knows no option"):
        remote(GeneratorSettings(options={"stepz": 2}))


def test_tokens_are_looked_for_where_ray_looks(nothing: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert own_token() is None
    shared = tmp_path / ".ray" / "auth_token"
    shared.parent.mkdir()
    shared.write_text("of the home folder\n")
    assert own_token() == ("of the home folder", str(shared))
    named = tmp_path / "named"
    named.write_text("of a file")
    nothing.setenv("RAY_AUTH_TOKEN_PATH", str(named))
    assert own_token() == ("of a file", str(named))
    nothing.setenv("RAY_AUTH_TOKEN", "told")
    assert own_token() == ("told", "RAY_AUTH_TOKEN")
    nothing.delenv("RAY_AUTH_TOKEN")
    named.unlink()
    with pytest.raises(GeneratorError, match="cannot be read"):
        own_token()


def test_a_cluster_of_ones_own_has_a_token_that_nobody_knows(nothing: pytest.MonkeyPatch) -> None:
    nothing.delitem(sys.modules, "ray", raising=False)
    give_local_token()
    first = own_token()
    assert first is not None
    assert len(first[0]) == 64
    nothing.delenv("RAY_AUTH_TOKEN")
    give_local_token()
    assert own_token() != first


def test_tls_wants_three_files(nothing: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert certificates() is None
    nothing.setenv("RAY_USE_TLS", "1")
    with pytest.raises(GeneratorError, match="RAY_TLS_SERVER_CERT names no file"):
        certificates()
    for name in ("SERVER_CERT", "SERVER_KEY", "CA_CERT"):
        (tmp_path / name).write_text(name)
        nothing.setenv(f"RAY_TLS_{name}", str(tmp_path / name))
    found = certificates()
    assert found is not None
    assert (found.chain, found.key, found.authority) == (b"SERVER_CERT", b"SERVER_KEY", b"CA_CERT")


def test_another_version_on_a_worker_is_one_line() -> None:
    own = Drawer().versions()
    check_versions(own)
    check_versions({**own, "python": ".".join([*own["python"].split(".")[:2], "99"])})
    for name, shown in (("director", "Director 0.0.9"), ("python", "Python 3.8.1")):
        with pytest.raises(GeneratorError) as refused:
            check_versions({**own, name: shown.split()[1], "host": "rack-3"})
        assert f"worker on rack-3: has {shown}, and this machine" in str(refused.value)
        assert "\n" not in str(refused.value)
    assert own["director"] == __version__


def test_what_answers_and_is_no_cluster_is_told(nothing: pytest.MonkeyPatch) -> None:
    pytest.importorskip("grpc", reason="ray is not installed: pip install 'director[ray]'")
    from director.generate.remote.probe import NoCluster, reach

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def hang_up() -> None:
            while True:
                try:
                    server.accept()[0].close()
                except OSError:
                    return

        threading.Thread(target=hang_up, daemon=True).start()
        with pytest.raises(NoCluster, match="not as Ray does"):
            reach(ClusterAddress("127.0.0.1", port))
    with socket.socket() as unheard:
        # Bound and not listened to: nobody else gets the port meanwhile.
        unheard.bind(("127.0.0.1", 0))
        with pytest.raises(NoCluster, match="nothing answers"):
            reach(ClusterAddress("127.0.0.1", unheard.getsockname()[1]))


def test_without_ray_the_extra_is_named_and_nothing_else_needs_it(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "sys.modules.update(ray=None, grpc=None)\n"
        "import director.cli.main, director.take.render, director.app.run\n"
        "import director.generate.remote.generator\n"
        "from director.errors import MissingExtra\n"
        "from director.generate.remote.address import ClusterAddress\n"
        "from director.generate.remote.cluster import Cluster\n"
        "for address in (None, ClusterAddress('127.0.0.1', 1)):\n"
        "    try:\n"
        "        Cluster(address)\n"
        "    except MissingExtra as error:\n"
        "        print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    line = "needs the package ray, which is not installed (pip install 'director[ray]')"
    assert done.stdout.splitlines() == [line, line], done.stderr


def test_nothing_imports_ray_before_it_is_asked_for() -> None:
    code = (
        "import sys, director.cli.main, director.take.render, director.generate.remote.workers\n"
        "from director.generate import generator\n"
        "generator('ray://farm:1/proxy')\n"
        "print({'ray', 'grpc', 'torch'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_worker_draws_from_what_it_may_not_write_into_and_tells_what_it_refuses() -> None:
    # In this process: what a worker does is no business of Ray's.
    drawer = Drawer()
    loaded = drawer.load("proxy", GeneratorSettings())
    assert isinstance(loaded, Loaded)
    assert (loaded.identity.name, loaded.pid) == ("proxy", os.getpid())
    one = conditioning(5)
    for array in one.maps.values():
        array.flags.writeable = False
    picture = drawer.draw(one, 1)
    assert isinstance(picture, Picture)
    assert (picture.image == 5).all()
    assert picture.behind == 0
    refused = drawer.draw(conditioning(1, maps=("depth",)), 1)
    assert isinstance(refused, Refused)
    assert "base map" in str(refused.error)
    unloadable = Drawer().load("proxy", GeneratorSettings(options={"delay_s": -1}))
    assert isinstance(unloadable, Refused)
