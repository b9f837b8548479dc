"""What this machine has to be let into a cluster by: Ray's token and certificates, from where Ray looks.

Read before Ray is: it takes its settings from the environment once, when it is imported.
"""

import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

from director.errors import GeneratorError

__all__ = ["Certificates", "certificates", "give_local_token", "own_token", "use_token"]

_MODE, _TOKEN, _TOKEN_FILE = "RAY_AUTH_MODE", "RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"
_TLS = "RAY_USE_TLS"
_FILES = ("RAY_TLS_SERVER_CERT", "RAY_TLS_SERVER_KEY", "RAY_TLS_CA_CERT")


@dataclass(frozen=True, slots=True)
class Certificates:
    """What a TLS connection is begun with, PEM."""

    chain: bytes
    key: bytes
    authority: bytes


def own_token() -> tuple[str, str] | None:
    """The token and where it is from, by Ray's order: the environment, the file that it names, and
    ~/.ray/auth_token. None where there is none. Raises GeneratorError for a file that cannot be read."""
    if token := os.environ.get(_TOKEN, "").strip():
        return token, _TOKEN
    named = os.environ.get(_TOKEN_FILE, "")
    path = Path(named) if named else Path.home() / ".ray" / "auth_token"
    if not named and not path.is_file():
        return None
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise GeneratorError(
            f"the token cannot be read: {error}", subject=str(path), mend=f"mend what {_TOKEN_FILE} names"
        ) from error
    return (token, str(path)) if token else None


def use_token() -> None:
    """From here on Ray shows its token to clusters, also where the environment does not say so."""
    os.environ[_MODE] = "token"


def give_local_token() -> None:
    """A token for a cluster that is about to be started here, unless the environment tells otherwise: by
    itself Ray of before 2.59 lets everyone in who reaches the machine. Of no effect once Ray is imported."""
    if "ray" in sys.modules:
        return
    if os.environ.setdefault(_MODE, "token") == "token" and own_token() is None:
        os.environ[_TOKEN] = secrets.token_hex(32)


def certificates() -> Certificates | None:
    """None where TLS is off. Raises GeneratorError for files that are not named or cannot be read."""
    if os.environ.get(_TLS, "0").lower() not in ("1", "true"):
        return None
    read: list[bytes] = []
    for name in _FILES:
        path = os.environ.get(name, "")
        try:
            read.append(Path(path).read_bytes())
        except OSError as error:
            problem = f"cannot be read: {error.strerror}" if path else "names no file"
            raise GeneratorError(
                f"{_TLS} is on, and {name} {problem}", subject=path or name, mend="name a PEM file"
            ) from error
    return Certificates(*read)
