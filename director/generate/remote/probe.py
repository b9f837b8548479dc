"""Asks an address whether a cluster is there and lets this machine in, before Ray does.

Ray itself tries for half a minute and then says that it timed out, whatever the cause. One call to each of
its two services tells all: at its own port a cluster answers the first, at its client's port the second.
"""

import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from director.errors import GeneratorError, MissingExtra
from director.generate.remote.access import Certificates, certificates, own_token, use_token
from director.generate.remote.address import ClusterAddress

if TYPE_CHECKING:
    import grpc

__all__ = ["NoCluster", "Reached", "reach"]

_PATIENCE_S = 5.0
_NODE, _CLIENT = "/ray.rpc.NodeInfoGcsService/CheckAlive", "/ray.rpc.RayletDriver/ClusterInfo"


class NoCluster(GeneratorError):
    """Nothing answers, which may be different in a minute."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How a cluster is to be joined: what ray.init is given. `is_open` where it lets in everyone."""

    init_address: str
    is_open: bool


def reach(address: ClusterAddress) -> Reached:
    """Ask. Where the cluster wants a token that this machine has, Ray is told to show it.

    Raises NoCluster, MissingExtra, and GeneratorError where the cluster refuses.
    """
    try:
        import grpc
    except ImportError as error:
        raise MissingExtra("ray", extra="ray") from error

    subject = f"Ray cluster {address}"
    try:
        socket.create_connection((address.host, address.port), _PATIENCE_S).close()
    except OSError as error:
        raise NoCluster(
            f"nothing answers: {error.strerror or error}",
            subject=subject,
            mend="start it there: ray start --head; ports are 6379 for its nodes and 10001 for others",
        ) from error
    channel = _channel(address, certificates())
    try:
        for service, way in ((_NODE, str(address)), (_CLIENT, f"ray://{address}")):
            code, details = _ask(channel, service, None)
            if code is grpc.StatusCode.UNIMPLEMENTED:
                continue
            if code is grpc.StatusCode.UNAUTHENTICATED:
                _show_token(channel, service, subject)
                return Reached(way, is_open=False)
            if code in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
                raise NoCluster(
                    f"something answers, and not as Ray does: {details}",
                    subject=subject,
                    mend="if it uses TLS, or this machine alone does, set RAY_USE_TLS and RAY_TLS_… alike",
                )
            return Reached(way, is_open=True)
    finally:
        channel.close()
    raise GeneratorError("what answers is no Ray cluster", subject=subject, mend="look at host and port")


def _channel(address: ClusterAddress, found: "Certificates | None") -> "grpc.Channel":
    import grpc

    if found is None:
        return grpc.insecure_channel(str(address))
    credentials = grpc.ssl_channel_credentials(found.authority, found.key, found.chain)
    return grpc.secure_channel(str(address), credentials)


def _ask(channel: "grpc.Channel", service: str, token: str | None) -> "tuple[grpc.StatusCode, str]":
    import grpc

    headers = [("client_id", "director")]
    if token is not None:
        headers.append(("authorization", f"Bearer {token}"))
    try:
        channel.unary_unary(service)(b"", timeout=_PATIENCE_S, metadata=headers)
    except grpc.RpcError as error:
        return error.code(), str(error.details())
    return grpc.StatusCode.OK, ""


def _show_token(channel: "grpc.Channel", service: str, subject: str) -> None:
    import grpc

    found = own_token()
    if found is None:
        raise GeneratorError(
            "wants a token, and there is none here",
            subject=subject,
            mend="on a machine of the cluster `ray get-auth-token` prints it; put it into ~/.ray/auth_token"
            " or RAY_AUTH_TOKEN",
        )
    token, source = found
    if _ask(channel, service, token)[0] is grpc.StatusCode.UNAUTHENTICATED:
        raise GeneratorError(
            f"refuses the token of {source}",
            subject=subject,
            mend="on a machine of the cluster `ray get-auth-token` prints the right one",
        )
    use_token()
