"""What ImGui has to draw, read: where each of its lists lies, and whether it is what was drawn before."""

import ctypes
import math
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from imgui_bundle import imgui
from numpy.typing import NDArray

from director.composite.rectangle import Rectangle

__all__ = ["ListsOfPlaces", "Some", "lists_of_places"]


@dataclass(frozen=True)
class Some:
    """Some of the lists of ImDrawData, for who draws those only."""

    cmd_lists: Sequence[imgui.ImDrawList]
    scale_clip_rects: Callable[[imgui.ImVec2Like], None]


@dataclass(frozen=True)
class ListsOfPlaces:
    """Lists, the numbers of the places on which each lies, and what stands for each place's contents: equal
    where the same triangles are drawn with the same textures."""

    data: imgui.ImDrawData
    touched: tuple[frozenset[int], ...]
    contents: tuple[int, ...]

    def of(self, places: frozenset[int]) -> Some:
        """What is to be drawn that these places show it all: what lies on others too is drawn there anew."""
        grown = places
        while more := grown.union(*(touched for touched in self.touched if touched & grown)) - grown:
            grown |= more
        lists = self.data.cmd_lists
        chosen = [lists[i] for i, touched in enumerate(self.touched) if touched & grown]
        return Some(chosen, self.data.scale_clip_rects)


def lists_of_places(data: imgui.ImDrawData, places: Sequence[Rectangle]) -> ListsOfPlaces | None:
    """Which lists lie on which places; None where something is drawn beyond them. Before it is drawn: that
    scales the lists."""
    touched: list[frozenset[int]] = []
    contents = [0] * len(places)
    for commands in data.cmd_lists:
        found: set[int] = set()
        told: list[float] = []
        for command in commands.cmd_buffer:
            if not command.elem_count:
                continue
            clip = command.clip_rect
            clipped = (clip.x, clip.y, clip.z, clip.w)
            place = _place_of(clipped, places)
            if place is None:
                # A window's own ground is clipped by nothing: see where it is.
                place = _place_of(_bounds(commands, command), places)
            if place is None:
                return None
            found.add(place)
            told += (*clipped, command.tex_ref.get_tex_id(), command.idx_offset, command.elem_count)
        sum_ = zlib.crc32(np.array(told, np.float64).tobytes())
        triangles = ((commands.vtx_buffer, imgui.VERTEX_SIZE), (commands.idx_buffer, imgui.INDEX_SIZE))
        for buffer, size in triangles:
            sum_ = zlib.crc32(_memory(buffer.data_address(), buffer.size(), size).data, sum_)
        for place in found:
            contents[place] = zlib.crc32(sum_.to_bytes(4, "little"), contents[place])
        touched.append(frozenset(found))
    return ListsOfPlaces(data, tuple(touched), tuple(contents))


def _place_of(part: tuple[float, float, float, float], places: Sequence[Rectangle]) -> int | None:
    left, top, right, foot = part
    for number, place in enumerate(places):
        if (
            left >= math.floor(place.left)
            and top >= math.floor(place.top)
            and right <= math.ceil(place.left + place.width)
            and foot <= math.ceil(place.top + place.height)
        ):
            return number
    return None


def _bounds(commands: imgui.ImDrawList, command: imgui.ImDrawCmd) -> tuple[float, float, float, float]:
    """Left, top, right and foot of a command's triangles, in points."""
    indices = _memory(commands.idx_buffer.data_address(), commands.idx_buffer.size(), imgui.INDEX_SIZE)
    vertices = _memory(commands.vtx_buffer.data_address(), commands.vtx_buffer.size(), imgui.VERTEX_SIZE)
    used = indices[command.idx_offset : command.idx_offset + command.elem_count]
    numbers = used.view(np.uint16 if imgui.INDEX_SIZE == 2 else np.uint32)[:, 0] + command.vtx_offset
    at = imgui.VERTEX_BUFFER_POS_OFFSET
    places = np.ascontiguousarray(vertices[numbers, at : at + 8]).view(np.float32)
    (left, top), (right, foot) = places.min(0), places.max(0)
    return float(left), float(top), float(right), float(foot)


def _memory(address: int, count: int, size: int) -> NDArray[np.uint8]:
    held: ctypes.Array[ctypes.c_uint8] = (ctypes.c_uint8 * (count * size)).from_address(address)
    return np.ctypeslib.as_array(held).reshape(count, size)
