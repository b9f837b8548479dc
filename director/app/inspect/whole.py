"""Fields of the whole scene: its words, its sun, its depth range."""

from imgui_bundle import imgui

from director.app.inspect.rows import Rows
from director.scene.edit import SetScene, SetScenePrompt, SetSun

__all__ = ["draw_whole"]


def draw_whole(rows: Rows) -> None:
    """What is shown where nothing is selected."""
    editing, ui = rows.editing, rows.ui
    scene = editing.scene
    ui.heading(scene.title or scene.name.replace("_", " "))
    saved = "not saved" if editing.is_dirty else "saved"
    counts = (_counted(len(scene.objects), "object"), _counted(len(scene.moves), "move"))
    ui.faint(" · ".join((*counts, saved if editing.path else "as shipped")))
    imgui.spacing()
    rows.words("Prompt", scene.prompt, SetScenePrompt, lines=5, stacked=True)
    directed = editing.session.prompt
    if directed != scene.prompt:
        ui.faint(f"Directed now: {directed}" if directed else "Directed now without words", wrapped=True)
        if ui.button("Keep as the scene's", "The words that are typed over the picture become the scene's"):
            editing.do(SetScenePrompt(directed))
    rows.words("Title", scene.title, lambda text: SetScene({"title": text}))
    rows.words("Name", scene.name, lambda text: SetScene({"name": text}))
    imgui.spacing()
    ui.heading("Sun")
    azimuth, elevation = scene.sun.azimuth_deg, scene.sun.elevation_deg
    rows.number(
        "Azimuth", azimuth, lambda to: SetSun(azimuth_deg=to), step=0.8, low=-360, high=360, form="%.1f°"
    )
    rows.number(
        "Elevation", elevation, lambda to: SetSun(elevation_deg=to), step=0.4, low=-90, high=90, form="%.1f°"
    )
    imgui.spacing()
    ui.heading("Depth range")
    # Neither may pass the other.
    rows.number(
        "Near",
        scene.near_m,
        lambda to: SetScene({"near_m": to}),
        low=0.01,
        high=max(0.01, scene.far_m - 0.1),
        form="%.2f m",
    )
    rows.number(
        "Far",
        scene.far_m,
        lambda to: SetScene({"far_m": to}),
        step=0.5,
        low=scene.near_m + 0.1,
        high=1e5,
        form="%.1f m",
    )


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
