"""The family of proxies: one file a kind, found by looking into this folder."""

import importlib
import pkgutil
from functools import cache

from director.scene.proxy import Proxy

__all__ = ["proxy_kinds"]


@cache
def proxy_kinds() -> dict[str, type[Proxy]]:
    """Every kind of proxy by the name that files give it."""
    kinds: dict[str, type[Proxy]] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        proxy: type[Proxy] = importlib.import_module(f"{__name__}.{module.name}").PROXY
        kinds[proxy.model_fields["kind"].default] = proxy
    return kinds
