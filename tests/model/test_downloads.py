"""Presets' weights: what is found in a cache, and what a hub of the test's own gives, byte by byte."""

import contextlib
import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import huggingface_hub.constants as hub
import pytest

from director.cli.main import main
from director.errors import GeneratorError
from director.generate.diffusion.downloads import fetch, needs
from director.generate.diffusion.preset import ControlChoice, Preset, Source, preset, preset_names
from director.generate.video.preset import video_preset_names

_COMMIT = "0123456789abcdef0123456789abcdef01234567"


class _Hub(BaseHTTPRequestHandler):
    """A repository or two, over the hub's own paths: what it lists, heads, and ranges of files."""

    files: ClassVar[dict[str, dict[str, bytes]]] = {}
    breaks_at: ClassVar[int | None] = None
    asked: ClassVar[list[str]] = []

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        pass

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, *, with_body: bool) -> None:
        parts = self.path.split("?")[0].strip("/").split("/")
        if parts[0] == "api":
            repository = "/".join(parts[2:4])
            if repository not in self.files:
                self._send(401, b"{}", {"X-Error-Code": "RepoNotFound"})
                return
            if "tree" in parts:
                listed = [
                    {"type": "file", "path": name, "size": len(body), "oid": hashlib.sha1(body).hexdigest()}
                    for name, body in self.files[repository].items()
                ]
                self._send(200, json.dumps(listed).encode(), {"Content-Type": "application/json"})
                return
            told = {
                "id": repository,
                "sha": _COMMIT,
                "siblings": [
                    {"rfilename": name, "size": len(body)} for name, body in self.files[repository].items()
                ],
            }
            self._send(200, json.dumps(told).encode(), {"Content-Type": "application/json"})
            return
        repository, name = "/".join(parts[:2]), "/".join(parts[4:])
        body = self.files[repository][name]
        headers = {
            "X-Repo-Commit": _COMMIT,
            "ETag": f'"{hashlib.sha256(body).hexdigest()}"',
            "Accept-Ranges": "bytes",
        }
        if not with_body:
            self._send(200, body, headers, with_body=False)
            return
        start = 0
        if given := self.headers.get("Range"):
            start = int(given.removeprefix("bytes=").split("-")[0])
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        self.asked.append(f"{name} from {start}")
        status = 206 if start else 200
        if type(self).breaks_at is not None and name.startswith("unet/d") and not start:
            # The line goes dead in the middle, once.
            self.send_response(status)
            for key, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(body[: self.breaks_at])
            self.wfile.flush()
            type(self).breaks_at = None
            self.connection.close()
            return
        self._send(status, body[start:], headers)

    def _send(self, status: int, body: bytes, headers: dict[str, str], *, with_body: bool = True) -> None:
        self.send_response(status)
        for key, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(key, value)
        self.end_headers()
        if with_body:
            self.wfile.write(body)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Hub]]:
    _Hub.files, _Hub.breaks_at, _Hub.asked = {}, None, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(hub, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(hub, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(hub, "ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setattr(
        hub, "HUGGINGFACE_CO_URL_TEMPLATE", hub.ENDPOINT + "/{repo_id}/resolve/{revision}/{filename}"
    )
    yield _Hub
    server.shutdown()
    server.server_close()


def _small() -> Preset:
    return Preset(
        name="small",
        summary="a test's own",
        base=Source(id="team/base"),
        controls={"depth": ControlChoice(source=Source(id="team/depth"))},
        vae=Source(id="team/vae"),
    )


def _put_up(hub_of_test: type[_Hub]) -> dict[str, dict[str, bytes]]:
    weights = "diffusion_pytorch_model.safetensors"
    hub_of_test.files = {
        "team/base": {
            "model_index.json": b"{}",
            "unet/config.json": b"{}",
            f"unet/{weights}": bytes(range(256)) * 50_000,
            "unet/diffusion_pytorch_model.bin": b"pickled",
            "text_encoder/config.json": b"{}",
            "text_encoder/model.safetensors": b"words" * 100,
            "tokenizer/vocab.json": b"{}",
            "tokenizer/merges.txt": b"",
            "scheduler/scheduler_config.json": b"{}",
        },
        "team/depth": {"config.json": b"{}", weights: b"depth" * 1000, "README.md": b"not asked for"},
        "team/vae": {"config.json": b"{}", weights: b"tiny" * 10},
    }
    return hub_of_test.files


def test_all_of_a_preset_comes_and_nothing_else(served: type[_Hub]) -> None:
    _put_up(served)
    chosen = _small()
    assert not any(need.is_here for need in needs(chosen))
    told: list[tuple[float, str]] = []
    fetch(chosen, lambda share, words: told.append((share, words)))
    assert all(need.is_here for need in needs(chosen))
    assert told[-1] == (1.0, "all here")
    assert any("team/base" in words and "MB" in words for _, words in told)
    names = [line.split(" ")[0] for line in served.asked]
    assert "unet/diffusion_pytorch_model.bin" not in names
    assert "README.md" not in names
    served.asked.clear()
    fetch(chosen, lambda share, words: None)
    assert served.asked == []


def test_a_download_that_breaks_off_goes_on_where_it_stopped(served: type[_Hub]) -> None:
    files = _put_up(served)
    # The hub's own client keeps what has come by ten megabytes.
    served.breaks_at = 12_000_000
    chosen = _small()
    with contextlib.suppress(GeneratorError):
        fetch(chosen, lambda share, words: None)
    fetch(chosen, lambda share, words: None)
    assert all(need.is_here for need in needs(chosen))
    starts = [int(line.split(" ")[2]) for line in served.asked if line.startswith("unet/diffusion")]
    assert starts[0] == 0
    assert starts[-1] > 0
    kept = next(Path(hub.HF_HUB_CACHE).rglob("unet/diffusion_pytorch_model.safetensors"))
    assert kept.read_bytes() == files["team/base"]["unet/diffusion_pytorch_model.safetensors"]


def test_what_is_not_on_the_hub_says_so(served: type[_Hub]) -> None:
    with pytest.raises(GeneratorError, match="not on the hub") as caught:
        fetch(_small(), lambda share, words: None)
    assert "team/base" in str(caught.value)
    assert caught.value.exit_status == 1


def test_without_a_network_the_mend_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(hub, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(hub, "HF_HUB_OFFLINE", True)
    with pytest.raises(GeneratorError, match="cannot be reached"):
        fetch(_small(), lambda share, words: None)


def test_a_folder_of_this_machine_is_here(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    chosen = _small().model_copy(update={"vae": Source(id=str(tmp_path))})
    vae = next(need for need in needs(chosen) if need.role == "autoencoder")
    assert not vae.is_here
    (tmp_path / "diffusion_pytorch_model.safetensors").write_bytes(b"")
    assert vae.is_here


def test_the_command_lists_presets_with_licence_and_size(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(hub, "HF_HUB_CACHE", str(tmp_path))
    assert main(["models", "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [one["name"] for one in told] == [*preset_names(), *video_preset_names()]
    for one in told:
        assert one["gigabytes"] > 1
        assert one["memory_gb"] > 1
        assert not one["here"]
        assert all(part["licence"] for part in one["parts"])
    assert main(["models", "list"]) == 0
    assert "director models fetch sd-turbo" in capsys.readouterr().out
    assert main(["models", "fetch"]) == 2
    assert main(["models", "fetch", "no-such-model"]) == 2
    assert main(["models", "list", "sd-turbo"]) == 2


def test_presets_are_whole() -> None:
    for name in preset_names():
        chosen = preset(name)
        assert chosen.name == name
        assert chosen.controls
        assert chosen.base.licence
