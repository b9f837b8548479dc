"""Draws the pictures of a take in clips, where its generator does, and keeps them for the render to find."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from director.errors import RecordingError
from director.generate.clipwise import Clip, Clipwise, plan_clips, said_by
from director.generate.protocol import Progress
from director.take.kept_pictures import KeptPictures
from director.take.wanted import Wanted
from director.types import Conditioning

__all__ = ["draw_clips"]


def draw_clips(
    backend: Clipwise,
    wanted: Sequence[Wanted],
    condition: Callable[[int], Conditioning],
    kept: KeptPictures,
    progress: Progress,
) -> frozenset[int]:
    """Draw and keep what is not kept yet, clip by clip, so that a render that was ended goes on with the clip
    that it was in; the numbers of those that were drawn. `condition` gives a picture's conditioning, in which
    motion is told against the picture before it, whichever was asked for before.

    Raises GeneratorError and RecordingError.
    """
    begins = [one.begins or i == 0 or one.size != wanted[i - 1].size for i, one in enumerate(wanted)]
    clips = plan_clips(begins, [said_by(one.direction) for one in wanted], backend.clip)
    drawn: set[int] = set()
    # The end of the clip before, which the next one goes on from: it need not be read again.
    newest: dict[int, NDArray[np.uint8]] = {}
    for number, clip in enumerate(clips):
        if all(kept.has(i) for i in range(clip.first + clip.known, clip.end)):
            newest.clear()
            continue

        def tell(share: float, words: str, number: int = number, clip: Clip = clip) -> None:
            made, count = clip.first + clip.known, clip.end - clip.first - clip.known
            progress(
                (made + share * count) / len(wanted), f"generating clip {number + 1} of {len(clips)}, {words}"
            )

        known = [
            newest[i] if i in newest else _loaded(kept, i) for i in range(clip.first, clip.first + clip.known)
        ]
        newest = dict(enumerate(known, start=clip.first))
        pictures = backend.generate_clip([condition(i) for i in range(clip.first, clip.end)], known, tell)
        for i, picture in enumerate(pictures, start=clip.first + clip.known):
            kept.save(i, picture, ())
            drawn.add(i)
            newest[i] = picture
    return frozenset(drawn)


def _loaded(kept: KeptPictures, number: int) -> NDArray[np.uint8]:
    found = kept.load(number)
    if found is None:
        raise RecordingError(
            f"picture {number} cannot be read, which the next clip goes on from",
            subject="kept pictures",
            mend="give the command again: it is drawn anew",
        )
    return found[0]
