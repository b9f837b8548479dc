"""Everything that can be done by hand, in one table: bindings and on-screen help are both made from it.

Importing this needs no window library: keys and buttons are plain names, which `keyboard_mouse` and
`pad` turn into pygame's.
"""

from dataclasses import dataclass
from enum import Enum

__all__ = ["ACTIONS", "GROUPS", "Action", "Kind", "action", "actions_of_key", "bindings_text"]


class Kind(Enum):
    """How an action is done."""

    PRESS = "press"
    """Once, when the key goes down."""
    HOLD = "hold"
    """For as long as the key is down: part of the fly intent."""
    AXIS = "axis"
    """By moving something: the mouse, the wheel, a stick, a trigger."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. `name` is what code goes by, `description` what help shows.

    keys   one each: "W", "F1", "Left Shift", "[", "Ctrl+Z" …; any of them will do
    mouse  in words, for help: the mouse's part is fixed
    pad    SDL GameController names: "a", "leftshoulder", "dpup", "leftstick-axis", "lefttrigger" …
    """

    name: str
    description: str
    group: str
    kind: Kind
    keys: tuple[str, ...] = ()
    mouse: tuple[str, ...] = ()
    pad: tuple[str, ...] = ()


def _press(name: str, text: str, group: str, *keys: str, pad: tuple[str, ...] = ()) -> Action:
    return Action(name, text, group, Kind.PRESS, keys, (), pad)


def _hold(name: str, text: str, *keys: str, pad: tuple[str, ...] = ()) -> Action:
    return Action(name, text, "Camera", Kind.HOLD, keys, (), pad)


ACTIONS: tuple[Action, ...] = (
    Action(
        "look", "Look around", "Camera", Kind.AXIS, mouse=("drag right button",), pad=("rightstick-axis",)
    ),
    Action("travel", "Move along and across", "Camera", Kind.AXIS, pad=("leftstick-axis",)),
    _hold("forward", "Move forward", "W"),
    _hold("back", "Move back", "S"),
    _hold("left", "Move left", "A"),
    _hold("right", "Move right", "D"),
    _hold("up", "Crane up", "E", pad=("righttrigger",)),
    _hold("down", "Crane down", "Q", pad=("lefttrigger",)),
    _hold("look-left", "Pan left", "Left"),
    _hold("look-right", "Pan right", "Right"),
    _hold("look-up", "Tilt up", "Up"),
    _hold("look-down", "Tilt down", "Down"),
    _hold("roll-left", "Roll left", "Z", pad=("leftshoulder",)),
    _hold("roll-right", "Roll right", "C", pad=("rightshoulder",)),
    _hold("boost", "Faster while held", "Left Shift", "Right Shift", pad=("b",)),
    Action("speed", "Set the speed", "Camera", Kind.AXIS, mouse=("wheel",)),
    _press("level", "Level the horizon", "Camera", "X", pad=("rightstick",)),
    _press("walk", "Walk at eye height, or fly", "Camera", "F", pad=("leftstick",)),
    _press("reset-camera", "Back to where the move starts", "Camera", "Home", pad=("dpup",)),
    _press("next-camera", "Next camera", "Camera", "Ctrl+Right", pad=("dpright",)),
    _press("previous-camera", "Previous camera", "Camera", "Ctrl+Left", pad=("dpleft",)),
    _press("camera-a", "Cut to camera A", "Camera", "Alt+1"),
    _press("camera-b", "Cut to camera B", "Camera", "Alt+2"),
    _press("camera-c", "Cut to camera C", "Camera", "Alt+3"),
    _press("camera-d", "Cut to camera D", "Camera", "Alt+4"),
    _press("next-rig", "Next rig", "Camera", "Alt+G"),
    _press("next-aim", "Next aim", "Camera", "Alt+A"),
    _press("subject", "Make the selected the subject", "Camera", "Alt+S"),
    _press("dolly-zoom", "Dolly zoom on the subject", "Camera", "Alt+Z"),
    _press("shake", "Handheld shake", "Camera", "Alt+H"),
    _press("steady-camera", "Steady the rig", "Camera", "Alt+J"),
    _press("collide", "Keep out of walls", "Camera", "Alt+W"),
    _press("lock-height", "Lock the camera's height", "Camera", "Alt+Y"),
    _press("lens-wider", "Next shorter prime", "Lens", "["),
    _press("lens-longer", "Next longer prime", "Lens", "]"),
    _press("focus", "Focus at the mouse, or middle", "Lens", "H"),
    _press("open-up", "Open up a stop", "Lens", ";"),
    _press("stop-down", "Stop down a stop", "Lens", "'"),
    _press("depth-of-field", "Depth of field", "Lens", "K"),
    _press("shutter", "Shutter blur by angle", "Lens", "G"),
    _press("track-focus", "Keep the selected in focus", "Lens", "Alt+F"),
    _press("focus-plane", "Show what is in focus", "Lens", "Alt+P"),
    _press("film-back", "Next film back", "Lens", "Alt+V"),
    _press("play", "Play or pause", "Shot", "Space", pad=("x",)),
    _press("next-move", "Next camera move", "Shot", "M"),
    _press("previous-move", "Previous camera move", "Shot", "N"),
    _press("record", "Start or stop a take", "Shot", "R", pad=("a",)),
    _press("burn-in", "Burn in slate and timecode", "Shot", "Alt+D"),
    _press("snapshot", "Save this picture", "Shot", "F12", pad=("y",)),
    _press("shot", "Make a shot of what is seen", "Shots", "Insert", "Ctrl+Shift+N"),
    _press("shot-again", "Make the shot again as seen", "Shots", "Ctrl+Insert"),
    _press("next-shot", "Next shot", "Shots", "Ctrl+Page Down"),
    _press("previous-shot", "Previous shot", "Shots", "Ctrl+Page Up"),
    _press("shot-later", "Shot later in the order", "Shots", "Ctrl+Shift+Page Down"),
    _press("shot-earlier", "Shot earlier in the order", "Shots", "Ctrl+Shift+Page Up"),
    _press("duplicate-shot", "Duplicate the shot", "Shots", "Ctrl+Shift+Insert"),
    _press("delete-shot", "Delete the shot", "Shots", "Alt+Delete"),
    _press("follow-take", "Camera of the last take", "Shots", "Alt+Insert"),
    _press("key-camera", "Key the camera", "Shots", "Alt+Return"),
    _press("auto-key", "Key what the hand leaves", "Shots", "Alt+Shift+Return"),
    _press("mark", "Mark this frame", "Shots", "Alt+N"),
    _press("loop", "Play round and round", "Shots", "Ctrl+Space"),
    _press("record-again", "Record one channel again", "Shots", "Alt+Shift+R"),
    _press("count-down", "Count before a take", "Shots", "Ctrl+Shift+R"),
    _press("timecode", "Timecode over the picture", "Shots", "Ctrl+Shift+T"),
    _press("shots", "Bring up the shots", "Shots", "Ctrl+Shift+J"),
    _press("timeline", "Bring up the timeline", "Shots", "Ctrl+J"),
    _press("prompt", "Type the scene's prompt", "Direction", "Return", "/", "P"),
    _press("hold-object", "Hold or free object at mouse", "Direction", "O"),
    _press("hold-class", "Hold or free its whole class", "Direction", "Y"),
    _press("hold-background", "Hold or free the background", "Direction", "B"),
    _press("release-all", "Free everything held", "Direction", "U"),
    _press("strength", "From free towards proxy", "Direction", "F4"),
    _press("variation", "Another variation: next seed", "Direction", "F6"),
    _press("ease", "How long changes take", "Direction", "F3"),
    _press("previous-variation", "The variation before", "Direction", "Ctrl+F6"),
    _press("lock-seed", "Keep this variation, or not", "Direction", "Ctrl+Shift+F6"),
    _press("direction", "Bring up the direction", "Direction", "Ctrl+Shift+D"),
    _press("explore", "Explore: change one variable", "Direction", "Ctrl+E"),
    _press("explore-try", "Try the change", "Direction", "Ctrl+Shift+E"),
    _press("explore-keep", "Keep the change", "Direction", "Ctrl+Shift+K"),
    _press("explore-back", "Go back before the change", "Direction", "Ctrl+Shift+B"),
    _press("takes", "Bring up the takes", "Takes", "Ctrl+T"),
    _press("take-next", "Next take", "Takes", "Ctrl+Down"),
    _press("take-previous", "Previous take", "Takes", "Ctrl+Up"),
    _press("take-play", "Play the take, or stop it", "Takes", "Ctrl+Return"),
    _press("take-compare", "Compare two takes", "Takes", "Ctrl+B"),
    _press("take-way", "Another way to compare", "Takes", "Ctrl+Shift+V"),
    _press("take-circle", "Circle the take", "Takes", "Ctrl+K"),
    _press("take-better", "A star more", "Takes", "Ctrl+="),
    _press("take-worse", "A star less", "Takes", "Ctrl+-"),
    _press("take-trash", "Throw the take away", "Takes", "Ctrl+Delete"),
    _press("take-restore", "Bring a take back", "Takes", "Ctrl+Shift+Delete"),
    _press("view-generated", "Generated picture", "View", "1"),
    _press("view-proxy", "Proxy", "View", "2"),
    _press("view-side-by-side", "Side by side", "View", "3"),
    _press("view-wipe", "Wipe", "View", "4"),
    _press("view-blend", "Blend", "View", "5"),
    _press("view-depth", "Depth", "View", "6"),
    _press("view-segmentation", "Segmentation", "View", "7"),
    _press("view-normal", "Normals", "View", "8"),
    _press("view-motion", "Motion", "View", "9"),
    _press("view-anchor", "Anchors", "View", "0"),
    _press("view-shadow", "Sun shadow", "View", "-"),
    _press("view-noise", "Anchored noise", "View", "="),
    _press("view-object", "Object ids", "View", "I"),
    _press("view-lamplight", "Lamplight", "View", "L"),
    _press("view-structure", "Structure of surfaces", "View", "T"),
    _press("next-view", "Next view", "View", "V", pad=("dpdown",)),
    _press("wipe-left", "Wipe or blend towards the picture", "View", ","),
    _press("wipe-right", "Wipe or blend towards the proxy", "View", "."),
    _press("frame-line", "Frame lines", "View", "Alt+L"),
    _press("thirds", "Thirds", "View", "Alt+T"),
    _press("centre", "Centre cross", "View", "Alt+X"),
    _press("golden", "Golden section", "View", "Alt+U"),
    _press("safe-areas", "Safe areas", "View", "Alt+E"),
    _press("horizon", "Horizon", "View", "Alt+O"),
    _press("quality-finer", "Finer pictures, dearer", "View", "Page Up"),
    _press("quality-faster", "Smaller pictures, sooner", "View", "Page Down"),
    _press("stabiliser", "Stabiliser", "View", "J"),
    _press("next-rate", "Ask for a picture rate", "View", "F2"),
    _press("meters", "Live meters", "View", "F5"),
    _press("desk", "Show or fold away the desk", "Desk", "F10"),
    _press("commands", "Find any command by name", "Desk", "Ctrl+P"),
    _press("undo", "Undo", "Desk", "Ctrl+Z"),
    _press("redo", "Do again", "Desk", "Ctrl+Shift+Z", "Ctrl+Y"),
    _press("save", "Save the scene", "Desk", "Ctrl+S"),
    _press("save-as", "Save the scene as", "Desk", "Ctrl+Shift+S"),
    _press("overwrite", "Overwrite the file", "Desk", "Ctrl+Shift+W"),
    _press("take-over", "Take the scene over", "Desk", "Ctrl+Shift+H"),
    _press("open-scene", "Open a scene", "Desk", "Ctrl+O"),
    _press("new-scene", "New scene from a template", "Desk", "Ctrl+N"),
    _press("import-mesh", "Import a mesh", "Desk", "Ctrl+M"),
    _press("add", "Add to the set", "Desk", "Ctrl+I"),
    _press("recover", "Take up unsaved edits again", "Desk", "Ctrl+Shift+O"),
    _press("select-all", "Select all", "Desk", "Ctrl+A"),
    _press("select-none", "Select nothing", "Desk", "Ctrl+Shift+A"),
    _press("duplicate", "Duplicate", "Desk", "Ctrl+D"),
    _press("delete", "Delete", "Desk", "Delete"),
    _press("drop", "Drop to the ground", "Desk", "End"),
    _press("group", "Group", "Desk", "Ctrl+G"),
    _press("ungroup", "Ungroup", "Desk", "Ctrl+Shift+G"),
    _press("rename", "Rename", "Desk", "Ctrl+R"),
    _press("select-previous", "Select the one above", "Desk", "Ctrl+["),
    _press("select-next", "Select the one below", "Desk", "Ctrl+]"),
    _press("gizmo-move", "Handles that move", "Desk", "Ctrl+1"),
    _press("gizmo-turn", "Handles that turn", "Desk", "Ctrl+2"),
    _press("gizmo-scale", "Handles that scale", "Desk", "Ctrl+3"),
    _press("gizmo-axes", "World's axes, or its own", "Desk", "Ctrl+4"),
    _press("snap", "Snap to steps", "Desk", "Ctrl+5"),
    _press("nudge-left", "Nudge left", "Desk", "Alt+Left"),
    _press("nudge-right", "Nudge right", "Desk", "Alt+Right"),
    _press("nudge-away", "Nudge away", "Desk", "Alt+Up"),
    _press("nudge-near", "Nudge nearer", "Desk", "Alt+Down"),
    _press("nudge-up", "Nudge up", "Desk", "Alt+Page Up"),
    _press("nudge-down", "Nudge down", "Desk", "Alt+Page Down"),
    _press("set-key", "Key at this time", "Desk", "Alt+K"),
    _press("delete-key", "Delete the key at this time", "Desk", "Alt+Shift+K"),
    _press("route-point", "Route on to the mouse", "Desk", "Alt+R"),
    _press("hide", "Hide or show", "Desk", "Ctrl+H"),
    _press("lock", "Lock or unlock", "Desk", "Ctrl+L"),
    _press("camera-panel", "Bring up the camera", "Desk", "Alt+C"),
    _press("framing-panel", "Frame a shot in words", "Desk", "Ctrl+F"),
    _press("plan-panel", "Bring up the plan", "Desk", "Alt+M"),
    _press("pad-picture", "Show the pad", "Window", "Alt+B"),
    _press("help", "Show or hide this help", "Window", "F1", pad=("start",)),
    _press("hud", "Show or hide the read-outs", "Window", "Tab", pad=("back",)),
    _press("full-screen", "Full screen, or a window", "Window", "F11"),
    _press("leave", "Close what is open, then the window", "Window", "Escape"),
)
"""In the order in which help shows them."""

GROUPS: tuple[str, ...] = tuple(dict.fromkeys(entry.group for entry in ACTIONS))

_BY_NAME = {entry.name: entry for entry in ACTIONS}
_PAD_WORDS = {
    "a": "A",
    "b": "B",
    "x": "X",
    "y": "Y",
    "back": "Back",
    "start": "Start",
    "leftstick": "press left stick",
    "rightstick": "press right stick",
    "leftshoulder": "left bumper",
    "rightshoulder": "right bumper",
    "dpup": "D-pad up",
    "dpdown": "D-pad down",
    "dpleft": "D-pad left",
    "dpright": "D-pad right",
    "lefttrigger": "left trigger",
    "righttrigger": "right trigger",
    "leftstick-axis": "left stick",
    "rightstick-axis": "right stick",
}


def action(name: str) -> Action:
    """The action of that name. Raises KeyError."""
    return _BY_NAME[name]


def actions_of_key(key: str) -> tuple[Action, ...]:
    """What a key does, by its name in the table."""
    return tuple(entry for entry in ACTIONS if key in entry.keys)


def bindings_text(entry: Action) -> tuple[str, str]:
    """(keyboard and mouse, pad) in words, for help; empty where there is nothing."""
    return " or ".join((*entry.keys, *entry.mouse)), " or ".join(_PAD_WORDS[name] for name in entry.pad)
