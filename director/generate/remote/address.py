"""What is typed to name a Ray cluster, and a generator on it."""

import re
from dataclasses import dataclass

from director.errors import UsageError

__all__ = ["LOCAL", "ClusterAddress", "cluster_address", "is_remote", "name_there", "remote_name"]

LOCAL = "local"
"""In the place of an address: Ray on this machine, for as long as it is needed."""

_SCHEME = "ray://"
_NODE_PORT, _CLIENT_PORT = 6379, 10001
_GENERATOR = "embedded"
_WAYS = "HOST, HOST:PORT or ray://HOST:PORT"


@dataclass(frozen=True, slots=True)
class ClusterAddress:
    """Where a cluster listens: at its own port (6379, where this machine is one of its nodes) or at that of
    Ray's client (10001). Which of them it is, it tells when it is asked."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def cluster_address(text: str) -> ClusterAddress | None:
    """The address that `--ray` gives; None for `local`. Raises UsageError."""
    if text == LOCAL:
        return None
    return _address(text, "--ray")


def is_remote(name: str) -> bool:
    """Whether a generator's name says that it runs on a cluster."""
    return name.startswith(_SCHEME)


def name_there(name: str) -> str:
    """A generator's own name, without the cluster that it may run on: what a file says must lead nobody to a
    machine that they did not name themselves."""
    return name.removeprefix(_SCHEME).partition("/")[2] or _GENERATOR if is_remote(name) else name


def remote_name(name: str) -> tuple[ClusterAddress, str]:
    """Address and the generator's name there, of `ray://HOST[:PORT][/NAME]`; embedded where none is named. A
    path of a model is one both here and there: ray://HOST:PORT//models/mine.
    Raises UsageError."""
    place, slash, named = name.removeprefix(_SCHEME).partition("/")
    if slash and not named:
        raise UsageError(
            "names no generator", subject=f"--generator {name}", mend=f"such as {name}{_GENERATOR}"
        )
    return _address(_SCHEME + place, "--generator"), named or _GENERATOR


def _address(text: str, subject: str) -> ClusterAddress:
    is_client = text.startswith(_SCHEME)
    match = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::(\d{1,5}))?", text.removeprefix(_SCHEME))
    port = int(match[2]) if match and match[2] else _CLIENT_PORT if is_client else _NODE_PORT
    if match is None or not 0 < port < 2**16:
        raise UsageError(f"{text!r} is no address of a Ray cluster", subject=subject, mend=f"write {_WAYS}")
    return ClusterAddress(match[1].strip("[]"), port)
