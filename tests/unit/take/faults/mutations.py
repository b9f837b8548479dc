"""Takes damaged in one known way each, by a seed, as an editor, a broken disk or someone with a grudge may.

`mutate(folder, rng)` damages a take in place. What leads out of it leads to files under `outside`, which are
sound and must not be used.
"""

import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.unit.take.faults.damage import Damage
from tests.unit.take.faults.film_damages import other_film

__all__ = ["MUTATIONS", "mutate"]

_FILES = ("take.json", "track.jsonl", "video.mp4", "slate.json", "thumbnail.png")
_TEXTS = ("take.json", "take.json", "track.jsonl", "slate.json")
_MARK = "\N{SYMBOL FOR SUBSTITUTE}"


def mutate(folder: Path, outside: Path, rng: random.Random) -> Damage:
    """Damage a take in one way."""
    name = rng.choice(sorted(MUTATIONS))
    damage = MUTATIONS[name](folder, outside, rng)
    return Damage(f"{name}: {damage.words}", damage.leads_out)


# Values that stand where another was. A text after the mark goes into the file as it is.
_VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    0.5,
    10**9,
    -(10**9),
    10**30,
    2**31,
    2**63,
    1e-300,
    1e300,
    -1e300,
    "",
    " ",
    "x",
    "24",
    "1/0",
    "0/0",
    "-24",
    "1e999999999",
    "1e-999999999",
    "9" * 5000,
    "nan",
    "../../../outside/film.mp4",
    "/etc/hostname",
    "..\\..\\x",
    "C:\\x",
    "a\0b",
    "\ud800",
    "\x1b[2J\x1b]0;x\x07",
    "line\nbreak\r\u2028",
    "\u202egnp",
    "x" * 300_000,
    "％ｄ%d%s{0}",
    "concat:/etc/hostname",
    [],
    {},
    [[]],
    [None],
    {"": {}},
    [1, 2, 3, 4, 5, 6, 7],
    ["a", "b"],
    {"a": 1},
    list(range(20_000)),
    _MARK + "NaN",
    _MARK + "Infinity",
    _MARK + "-Infinity",
    _MARK + "1e999",
    _MARK + "9" * 5000,
    _MARK + "[" * 300 + "]" * 300,
    _MARK + "[" * 200_000 + "]" * 200_000,
    _MARK + '{"a":' * 3000 + "1" + "}" * 3000,
    _MARK,
)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every (object or list, key) in it."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        here = waiting.pop()
        keys = here.keys() if isinstance(here, dict) else range(len(here)) if isinstance(here, list) else ()
        for key in keys:
            found.append((here, key))
            waiting.append(here[key])
    return found


def _dumped(value: Any) -> str:
    text = json.dumps(value)
    begin = json.dumps(_MARK)[1:-1]
    while (at := text.find(f'"{begin}')) >= 0:
        end = text.index('"', at + 1)
        text = text[:at] + text[at + 1 + len(begin) : end].replace('\\"', '"') + text[end + 1 :]
    return text


def _change(content: Any, rng: random.Random, kinds: tuple[str, ...]) -> str:
    """Change one value in it; a document's upper levels as often as its many lower ones."""
    place, key = rng.choice(_places(content))
    if rng.random() < 0.5 and isinstance(content, dict) and content:
        top = rng.choice(sorted(content))
        inner = _places(content[top])
        place, key = rng.choice(inner) if inner and rng.random() < 0.8 else (content, top)
    kind = rng.choice(kinds)
    if kind == "drop":
        del place[key]
    elif kind == "rename" and isinstance(place, dict):
        place[f"{key}_"] = place.pop(key)
    elif kind == "double" and isinstance(place[key], list):
        place[key] = place[key] * rng.choice((2, 50))
    elif kind == "swap":
        other, there = rng.choice(_places(content))
        if isinstance(place, dict) or isinstance(other, dict):
            place[key] = json.loads(json.dumps(other[there]))
    elif isinstance(place[key], int | float) and rng.random() < 0.6:
        value = place[key]
        place[key] = rng.choice(
            (-value, value * 1e9, value * 1e300, value + 0.5, str(value), [value], -0.0, 10**18, value * 40)
        )
    else:
        place[key] = rng.choice(_VALUES)
    told = json.dumps(place[key] if (isinstance(place, dict) and key in place) else None)
    return f"{kind} {key!r:.40} {told[:60]}"


def _json_file(name: str) -> Callable[[Path, Path, random.Random], Damage]:
    def damage(folder: Path, outside: Path, rng: random.Random) -> Damage:
        path = folder / name
        content = json.loads(path.read_text(encoding="utf-8"))
        words = [
            _change(content, rng, ("drop", "value", "value", "value", "swap", "rename", "double"))
            for _ in range(rng.choice((1, 1, 2)))
        ]
        path.write_text(_dumped(content), encoding="utf-8")
        return Damage("; ".join(words))

    return damage


def _part(*keys: str) -> Callable[[Path, Path, random.Random], Damage]:
    """A value in a part of take.json."""

    def damage(folder: Path, outside: Path, rng: random.Random) -> Damage:
        path = folder / "take.json"
        content = json.loads(path.read_text(encoding="utf-8"))
        part = content
        for key in keys:
            part = part[key]
        words = _change(part, rng, ("drop", "value", "value", "value"))
        path.write_text(_dumped(content), encoding="utf-8")
        return Damage(words)

    return damage


def _settings(folder: Path, outside: Path, rng: random.Random) -> Damage:
    """Sizes and rates that no film has."""
    path = folder / "take.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    sizes: tuple[Any, ...] = (
        *([0, 0], [0, 36], [-64, 36], [10**9, 10**9], [10**9, 2], [16384, 16384], [64.5, 36], [64], [65, 36]),
        *([64, 36, 3], "64x36", ["64", "36"], None, [True, True], [1, 1], [128, 72], [8192, 8192], [36, 64]),
    )
    rates: tuple[Any, ...] = (
        *("0/0", "1/0", "0", 0, -24, "-24/1", "1e999999999", "1e9", 1e9, "24/0.5", "nan", "inf", None, [24]),
        *("1/100000", 10**30, "9" * 4000, "24000/1001/2", " 24 ", "٢٤", "23.976", "25/1", 24.000001, "0x18"),
    )
    key, value = ("size", rng.choice(sizes)) if rng.random() < 0.5 else ("fps", rng.choice(rates))
    content["settings"][key] = value
    path.write_text(json.dumps(content), encoding="utf-8")
    return Damage(f"{key} {value!r:.40}")


def _track_line(folder: Path, outside: Path, rng: random.Random) -> Damage:
    path = folder / "track.jsonl"
    rows = path.read_text(encoding="utf-8").split("\n")
    at = rng.randrange(len(rows) - 1)
    content = json.loads(rows[at])
    words = _change(content, rng, ("drop", "value", "value", "value", "swap", "rename"))
    rows[at] = _dumped(content)
    path.write_text("\n".join(rows), encoding="utf-8")
    return Damage(f"line {at + 1} {words}")


def _track_numbers(folder: Path, outside: Path, rng: random.Random) -> Damage:
    """Cameras and times that are none, in every line or in one."""
    path = folder / "track.jsonl"
    rows = [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()]
    key = rng.choice(("position", "orientation", "lens", "dt_s", "time_s", "tick", "seed", "strengths"))
    odd: Any = rng.choice(
        (_MARK + "NaN", _MARK + "1e999", 1e300, -1e300, 0, -5, 1e5, 1e-30, 10**20, None, "x", [], True)
    )
    some = rows if rng.random() < 0.3 else [rng.choice(rows)]
    for row in some:
        camera = row["camera"]
        if key in ("position", "orientation"):
            camera[key] = [odd] * len(camera[key]) if rng.random() < 0.5 else [odd, *camera[key][1:]]
        elif key == "lens":
            row["lens"][rng.choice(sorted(row["lens"]))] = odd
        elif key in ("seed", "strengths"):
            row["direction"][key] = {"1": odd} if key == "strengths" else odd
        else:
            row[key] = odd
    path.write_text("".join(_dumped(row) + "\n" for row in rows), encoding="utf-8")
    return Damage(f"{key} {odd!r:.20} in {len(some)} lines")


def _track_rows(folder: Path, outside: Path, rng: random.Random) -> Damage:
    """Lines swapped, doubled, gone, many."""
    path = folder / "track.jsonl"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    a, b = rng.randrange(len(rows)), rng.randrange(len(rows))
    kind = rng.choice(("swap", "double", "drop", "drop first", "reverse", "blank", "many", "long", "cut"))
    if kind == "swap":
        rows[a], rows[b] = rows[b], rows[a]
    elif kind == "double":
        rows.insert(b, rows[a])
    elif kind == "drop":
        del rows[a]
    elif kind == "drop first":
        del rows[0]
    elif kind == "reverse":
        rows.reverse()
    elif kind == "blank":
        rows.insert(a, "\n")
    elif kind == "many":
        rows = [*rows, *rows[-1:] * 20_000]
    elif kind == "long":
        rows[a] = rows[a].replace('"prompt": "', '"prompt": "' + "x" * 5_000_000, 1)
    else:
        rows[-1] = rows[-1][: rng.randrange(len(rows[-1]))]
    path.write_text("".join(rows), encoding="utf-8")
    return Damage(f"{kind} {a} {b}")


def _cut_file(folder: Path, outside: Path, rng: random.Random) -> Damage:
    path = folder / rng.choice(_FILES)
    raw = path.read_bytes()
    kept = rng.choice((0, 1, rng.randrange(len(raw)), rng.randrange(len(raw)), len(raw) - 1))
    path.write_bytes(raw[:kept])
    return Damage(f"{path.name} to {kept} of {len(raw)}")


def _letters(folder: Path, outside: Path, rng: random.Random) -> Damage:
    """The same text as another program saves it, or with bytes that are no text."""
    path = folder / rng.choice(_TEXTS)
    raw = path.read_bytes()
    at = rng.randrange(len(raw))
    kinds: dict[str, bytes] = {
        "mark before": b"\xef\xbb\xbf" + raw,
        "carriage returns": raw.replace(b"\n", b"\r\n"),
        "only carriage returns": raw.replace(b"\n", b"\r"),
        "utf-16": raw.decode().encode("utf-16"),
        "latin-1": raw[:at] + "é".encode("latin-1") + raw[at:],
        "null bytes": raw[:at] + b"\0" * 9 + raw[at:],
        "junk after": raw + bytes(rng.randrange(256) for _ in range(200)),
        "junk before": bytes(rng.randrange(256) for _ in range(200)) + raw,
        "only nulls": bytes(len(raw)),
        "twice": raw + raw,
        "a bit": raw[:at] + bytes([raw[at] ^ (1 << rng.randrange(8))]) + raw[at + 1 :],
        "a list": b"[" + raw + b"]",
        "surrogates": raw.replace(b'"', b'"\\ud83d', 1 + rng.randrange(40)),
        "spaces": raw + b" " * 3_000_000,
    }
    kind = rng.choice(sorted(kinds))
    path.write_bytes(kinds[kind])
    return Damage(f"{path.name} {kind}")


def _no_file(folder: Path, outside: Path, rng: random.Random) -> Damage:
    """Something else where a file was."""
    path = folder / rng.choice(_FILES)
    path.unlink()
    kind = rng.choice(("nothing", "folder", "pipe", "loop", "dangling", "huge"))
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "loop":
        path.symlink_to(path.name)
    elif kind == "dangling":
        path.symlink_to("nowhere")
    elif kind == "huge":
        with path.open("wb") as file:
            file.write(b'{"a": "')
            # No disk is taken: all but the beginning is a hole.
            file.truncate(6 * 2**30)
    return Damage(f"{path.name} {kind}")


def _link_out(folder: Path, outside: Path, rng: random.Random) -> Damage:
    path = folder / rng.choice(_FILES)
    path.unlink()
    target = rng.choice((outside / path.name, outside / path.name, Path("/dev/zero")))
    relative = rng.random() < 0.5 and target.is_relative_to(outside)
    path.symlink_to(os.path.relpath(target, folder) if relative else target)
    # A thumbnail and an opinion are not what a take is made of.
    return Damage(f"{path.name} to {target.name}", leads_out=path.name not in ("thumbnail.png",))


def _folder_link(folder: Path, outside: Path, rng: random.Random) -> Damage:
    """The folder of its meshes is a link to another one."""
    meshes = folder / "meshes"
    meshes.rename(folder / "meshes-were")
    kind = rng.choice(("out", "in", "gone"))
    if kind == "out":
        meshes.symlink_to(outside / "meshes")
    elif kind == "in":
        meshes.symlink_to("meshes-were")
    return Damage(f"meshes {kind}", leads_out=kind == "out")


def _mesh_path(folder: Path, outside: Path, rng: random.Random) -> Damage:
    path = folder / "take.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    meshes = [thing for thing in content["scene"]["objects"] if thing["kind"] == "mesh"]
    out = rng.random() < 0.6
    odd = (
        "",
        ".",
        "meshes",
        "meshes/../take.json",
        "a\0b",
        "x" * 5000,
        "no.obj",
        "meshes/none.glb",
        "\ud800.obj",
    )
    told = (
        rng.choice((str(outside / "secret.obj"), os.path.relpath(outside / "secret.obj", folder)))
        if out
        else rng.choice(odd)
    )
    rng.choice(meshes)["path"] = told
    path.write_text(json.dumps(content), encoding="utf-8")
    return Damage(f"{told!r:.60}", leads_out=out)


def _mesh_file(folder: Path, outside: Path, rng: random.Random) -> Damage:
    """A mesh that is broken, enormous, or names what lies outside."""
    found = sorted(path for path in (folder / "meshes").rglob("*") if path.is_file())
    obj = next(path for path in found if path.suffix == ".obj")
    gltf = next(path for path in found if path.suffix == ".gltf")
    kind = rng.choice(("cut", "junk", "empty", "library", "uri", "count", "index", "nan", "links", "deep"))
    out = os.path.relpath(outside, gltf.parent)
    if kind in ("cut", "junk", "empty"):
        path = rng.choice(found)
        raw = path.read_bytes()
        made = {
            "cut": raw[: rng.randrange(len(raw))],
            "junk": os.urandom(0) + bytes(range(256)),
            "empty": b"",
        }
        path.write_bytes(made[kind])
    elif kind == "library":
        obj.write_text(f"mtllib {os.path.relpath(outside / 'secret.mtl', obj.parent)}\n" + obj.read_text())
    elif kind == "nan":
        obj.write_text("v nan inf 1e999\n" + obj.read_text().replace("f 1", "f 999999999", 1))
    elif kind == "links":
        obj.unlink()
        obj.symlink_to(outside / "secret.obj")
    else:
        content = json.loads(gltf.read_text())
        if kind == "uri":
            content["buffers"][0]["uri"] = f"{out}/secret.bin".replace("..", rng.choice(("..", "%2e%2e")))
        elif kind == "count":
            content["accessors"][0]["count"] = rng.choice((10**9, -1, 2**62, 1.5, "3"))
        elif kind == "index":
            content["nodes"] = [{"mesh": 0, "children": [0]}]
        text = json.dumps(content)
        gltf.write_text(
            text if kind != "deep" else text[:-1] + ', "x": ' + "[" * 100_000 + "]" * 100_000 + "}"
        )
    return Damage(kind, leads_out=kind in ("library", "uri", "links"))


def _counts(folder: Path, outside: Path, rng: random.Random) -> Damage:
    """More than there can be of something."""
    path = folder / "take.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    scene = content["scene"]
    kind = rng.choice(("objects", "moves", "keys", "frames", "ticks", "take", "array", "subdivisions"))
    if kind in ("objects", "moves"):
        one = scene[kind][0]
        # More than there are ids, or many.
        count = rng.choice((70_000 if kind == "objects" else 5_000, 1_000))
        scene[kind] = [*scene[kind], *({**one, "name": f"n{n}"} for n in range(count))]
    elif kind == "keys":
        keyed = next(thing for thing in scene["objects"] if thing.get("keys"))
        last = keyed["keys"][-1]
        keyed["keys"] += [{**last, "time_s": last["time_s"] + n + 1} for n in range(200_000)]
    elif kind in ("frames", "ticks"):
        content["result"][kind] = rng.choice((10**12, -3, 0, 1e300, "10", 9.5, True))
    elif kind == "take":
        content["slate"]["take"] = rng.choice((10**18, -1, 1.5, "7", True, None))
    elif kind == "array":
        scene["objects"][0]["size"] = [1e300, 1e300]
    else:
        scene["objects"][2]["size"] = [10**9, 1e-9, 10**9]
    path.write_text(json.dumps(content), encoding="utf-8")
    return Damage(kind)


def _several(folder: Path, outside: Path, rng: random.Random) -> Damage:
    names = rng.sample(sorted(set(MUTATIONS) - {"several", "no file", "link out"}), 2)
    told: list[Damage] = []
    for name in names:
        try:
            told.append(MUTATIONS[name](folder, outside, rng))
        # The first damage may have left nothing that the second could change.
        except (ValueError, LookupError, OSError, TypeError, AttributeError, StopIteration, RecursionError):
            break
    return Damage(
        " and ".join(f"{name} {one.words}" for name, one in zip(names, told, strict=False)),
        any(one.leads_out for one in told),
    )


MUTATIONS: dict[str, Callable[[Path, Path, random.Random], Damage]] = {
    "take.json": _json_file("take.json"),
    "slate.json": _json_file("slate.json"),
    "generator": _part("generator"),
    "settings": _part("settings"),
    "result": _part("result"),
    "slate": _part("slate"),
    "scene": _part("scene"),
    "size and rate": _settings,
    "track line": _track_line,
    "track numbers": _track_numbers,
    "track rows": _track_rows,
    "cut file": _cut_file,
    "letters": _letters,
    "no file": _no_file,
    "link out": _link_out,
    "folder link": _folder_link,
    "mesh path": _mesh_path,
    "mesh file": _mesh_file,
    "counts": _counts,
    "film": other_film,
    "several": _several,
}
