"""A generator that draws smaller than the picture: guided by ids and depth, edges stay where they are."""

import json
import subprocess
import sys

_PROGRAM = """
import json
import numpy as np
from PIL import Image
from director.generate.backends.proxy import Proxy
from director.scene.load import load_scene
from director.take import drawing
from director.take.stage import Request, Stage

class Half(Proxy):
    def size_for(self, width, height):
        return width // 4, height // 4

def picture(kind):
    drawing.generator = lambda name: kind
    request = Request(load_scene("night_alley"), width=512, height=288)
    with Stage(request, lambda share, words: None) as made:
        frame = made.frame(made.tick(0))
        made.frame(made.tick(1))
        return frame.picture.astype(float), frame.generated.image

full, _ = picture(Proxy)
guided, small = picture(Half)
again, _ = picture(Half)
plain = np.asarray(Image.fromarray(small).resize((512, 288), Image.Resampling.BILINEAR), float)
edges = np.abs(np.diff(full, axis=1, prepend=0)).sum(-1) > 30
error = lambda image: float(np.abs(image - full)[edges].mean())
print(json.dumps({"shape": guided.shape, "guided": error(guided), "plain": error(plain),
                  "same": bool((guided == again).all()), "small": small.shape}))
"""


def test_a_small_picture_is_brought_to_size_along_ids_and_depth() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["shape"] == [288, 512, 3]
    assert found["small"] == [72, 128, 3]
    assert found["same"]
    assert found["guided"] < 0.6 * found["plain"]
