"""Make everything in director/generate/embedded/weights/text: `python -m tools.text.train`.

1. compile the lexicon (tools/text/lexicon) to lexicon.json;
2. give every word a vector (encoder.py), reduced by PCA and quantised: only when words are missing
   from the table, or with --new-table;
3. train, for scenes and for objects, the metric and the gate by which unknown words borrow from known
   ones, measure them on words held out, and train them again on all words with the same settings.
Takes about three minutes, and three more with a new table.
"""

import argparse
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray

from director.generate.embedded.concepts import Concept
from director.generate.embedded.nearness import KIN_FILE, TABLE_FILE, WORDS_FILE
from director.generate.embedded.phrases import spelled
from director.generate.embedded.text import LEXICON_FILE
from tools.text.kin import kin_of
from tools.text.metric import Domain, Figures, fitted, is_key, looks_alike
from tools.text.parse import FOLDER, class_materials, object_concepts, scene_concepts
from tools.text.table import make_table
from tools.text.wordnet import WordNet, wordnet_folder

ROOT: Final = Path(__file__).resolve().parents[2]
WEIGHTS: Final = ROOT / "director" / "generate" / "embedded" / "weights" / "text"


def compile_lexicon(folder: Path) -> None:
    """Write lexicon.json: all concepts and the defaults of the classes."""
    content = {
        "scene": [_spelled(concept).packed() for concept in scene_concepts()],
        "object": [_spelled(concept).packed() for concept in object_concepts()],
        "classes": {name: [step.packed() for step in steps] for name, steps in class_materials().items()},
    }
    text = json.dumps(content, separators=(",", ":"))
    (folder / LEXICON_FILE).write_text(text.replace('},{"words"', '},\n{"words"') + "\n", "utf-8")


def write_kin(folder: Path, cache: Path) -> None:
    """Write kin.json: for each domain words outside the lexicon, what they are related to, and how surely."""
    net = WordNet(wordnet_folder(cache))
    words = [word for word in net.senses if word.isascii() and word.isalpha() and len(word) > 2]
    listed = {spelled(word) for c in (*scene_concepts(), *object_concepts()) for word in c.words}
    content = {}
    for name, concepts in (("scene", scene_concepts()), ("object", object_concepts())):
        kin, trust = kin_of(net, concepts, looks_alike(name, concepts), words, are_things=name == "object")
        content[name] = {w: [k.phrase, k.trust] for w, k in kin.items() if w not in listed}
        best = sorted(((share, sort) for sort, share in trust.items()), reverse=True)[:6]
        print(f"{name}: {len(content[name])} words have kin; {best}", flush=True)
    text = json.dumps(content, separators=(",", ":"))
    (folder / KIN_FILE).write_text(text.replace("],", "],\n") + "\n", "utf-8")


def _spelled(concept: Concept) -> Concept:
    """With its words as prompts are read, so that loading need not spell them."""
    return replace(concept, words=tuple(dict.fromkeys(map(spelled, concept.words))))


def lexicon_phrases() -> list[str]:
    """Every phrase of the lexicon that gets a vector, spelled as prompts are read."""
    concepts = (*scene_concepts(), *object_concepts())
    phrases = dict.fromkeys(spelled(word) for concept in concepts for word in concept.words)
    return [phrase for phrase in phrases if is_key(phrase)]


def extra_words() -> list[str]:
    """Words that get a vector though neither the lexicon nor the encoder's vocabulary has them whole."""
    lines = (FOLDER / "extra_words.txt").read_text("utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


def read_table(folder: Path) -> tuple[list[str], NDArray[np.int8]]:
    """The shipped table."""
    words = (folder / WORDS_FILE).read_text("utf-8").splitlines()
    return words, safetensors.numpy.load_file(folder / TABLE_FILE)["vectors"]


def train(
    folder: Path,
    *,
    steps: int,
    seed: int,
    cache: Path,
    new_table: bool = False,
    table_from: Path | None = None,
) -> dict[str, Figures]:
    """Write all files of `folder`; the figures on held-out words, by domain."""
    folder.mkdir(parents=True, exist_ok=True)
    compile_lexicon(folder)
    source = table_from or folder
    if source == folder:
        write_kin(folder, cache)
    else:
        shutil.copy(source / KIN_FILE, folder / KIN_FILE)
    if new_table or not (source / TABLE_FILE).is_file():
        words, vectors = make_table([*lexicon_phrases(), *extra_words()], cache)
    else:
        words, vectors = read_table(source)
        if {*lexicon_phrases(), *extra_words()} - set(words):
            words, vectors = make_table([*lexicon_phrases(), *extra_words()], cache)
    tensors: dict[str, NDArray[np.generic]] = {"vectors": vectors}
    figures: dict[str, Figures] = {}
    for name, concepts in (("scene", scene_concepts()), ("object", object_concepts())):
        domain = Domain.of(name, concepts, words, vectors)
        print(f"{name}: {len(concepts)} concepts, {len(domain.queries)} phrases", flush=True)
        _, figures[name] = fitted(domain, steps=steps, seed=seed, held_out=0.2)
        print(f"  held-out words: {figures[name].line()}", flush=True)
        parameters, _ = fitted(domain, steps=steps, seed=seed, held_out=0.0)
        parameters["threshold"] = np.array([figures[name].threshold], np.float32)
        tensors |= {f"{name}.{key}": value for key, value in parameters.items()}
    (folder / WORDS_FILE).write_text("\n".join(words) + "\n", "utf-8")
    facts = {"seed": str(seed), "steps": str(steps)}
    facts |= {f"held-out words, {name}": domain.line() for name, domain in figures.items()}
    (folder / TABLE_FILE).write_bytes(safetensors.numpy.save(tensors, facts))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument(
        "--cache", type=Path, default=ROOT / "build" / "text", help="where the encoder is kept"
    )
    parser.add_argument("--steps", type=int, default=120)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--new-table", action="store_true", help="embed all words again")
    given = parser.parse_args()
    train(given.out, steps=given.steps, seed=given.seed, cache=given.cache, new_table=given.new_table)
    size = sum(file.stat().st_size for file in given.out.iterdir())
    print(f"{given.out}: {size / 1e6:.1f} MB", flush=True)


if __name__ == "__main__":
    main()
