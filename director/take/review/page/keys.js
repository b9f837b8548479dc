"use strict";
/* What keys do, and the overlay that tells it. */

function keyTable(review) {
  const { viewer, sheet, opinions } = review;
  const { stage } = viewer;
  const seen = () => (review.isViewing ? viewer.take : sheet.focused);
  const rated = (rate) => () => {
    const take = seen();
    if (take) rate(take);
  };
  const inViewer = (run) => () => (review.isViewing ? run() : undefined);
  const either = (view, list) => () => (review.isViewing ? view() : list());
  const fast = () => {
    const { speed } = stage;
    if (stage.playing > 0) stage.setSpeed(SPEEDS[Math.min(SPEEDS.length - 1, SPEEDS.indexOf(speed) + 1)]);
    else stage.play();
  };
  return [
    [
      "Play",
      [
        [[" "], "Space", "play, pause", inViewer(() => stage.toggle())],
        [
          ["ArrowLeft"],
          "←",
          "one frame back",
          either(
            () => stage.step(-1),
            () => sheet.move(-1, 0),
          ),
        ],
        [
          ["ArrowRight"],
          "→",
          "one frame on",
          either(
            () => stage.step(1),
            () => sheet.move(1, 0),
          ),
        ],
        [
          ["Shift+ArrowLeft"],
          "Shift ←",
          "a second back",
          inViewer(() => stage.step(-Math.round(rateOf(stage.take)))),
        ],
        [
          ["Shift+ArrowRight"],
          "Shift →",
          "a second on",
          inViewer(() => stage.step(Math.round(rateOf(stage.take)))),
        ],
        [["Home"], "Home", "first frame", inViewer(() => stage.go(0))],
        [["End"], "End", "last frame", inViewer(() => stage.go(stage.frames - 1))],
        [["j"], "J", "backwards", inViewer(() => stage.playBack())],
        [["k"], "K", "stop", inViewer(() => stage.pause())],
        [["l"], "L", "forwards; again: faster", inViewer(fast)],
        [
          ["-"],
          "−",
          "slower",
          inViewer(() => stage.setSpeed(SPEEDS[Math.max(0, SPEEDS.indexOf(stage.speed) - 1)])),
        ],
        [
          ["+", "="],
          "+",
          "faster",
          inViewer(() =>
            stage.setSpeed(SPEEDS[Math.min(SPEEDS.length - 1, SPEEDS.indexOf(stage.speed) + 1)]),
          ),
        ],
        [["r"], "R", "loop", inViewer(() => stage.setLoop(!stage.loops))],
      ],
    ],
    [
      "Takes",
      [
        [
          ["["],
          "[",
          "take before",
          either(
            () => review.go(-1),
            () => sheet.move(-1, 0),
          ),
        ],
        [
          ["]"],
          "]",
          "take after",
          either(
            () => review.go(1),
            () => sheet.move(1, 0),
          ),
        ],
        [
          ["ArrowUp"],
          "↑ ↓",
          "row above, below",
          either(
            () => {},
            () => sheet.move(0, -1),
          ),
        ],
        [
          ["ArrowDown"],
          null,
          "",
          either(
            () => {},
            () => sheet.move(0, 1),
          ),
        ],
        [["g", "Escape"], "G Esc", "all takes", () => review.leave()],
        [["f"], "F", "full screen", inViewer(() => review.fullScreen())],
      ],
    ],
    [
      "Compare",
      [
        [["w"], "W", "wipe", inViewer(() => viewer.setMode("wipe"))],
        [["s"], "S", "side by side", inViewer(() => viewer.setMode("side"))],
        [["v"], "V", "one picture", inViewer(() => stage.setMode("single"))],
        [["b"], "B", "with the next take, or its proxies", inViewer(() => viewer.compareNext())],
        [["x"], "X", "swap the two", inViewer(() => viewer.swap())],
        [["p"], "P", "proxies, picture", inViewer(() => viewer.toggleLayer())],
        [[","], ", .", "slide the wipe", inViewer(() => stage.setWipe(stage.wiped - 0.05))],
        [["."], null, "", inViewer(() => stage.setWipe(stage.wiped + 0.05))],
      ],
    ],
    [
      "Say",
      [
        [["1"], "1 … 5", "stars; the same again takes them away", rated((take) => opinions.rate(take, 1))],
        ...[2, 3, 4, 5].map((stars) => [
          [String(stars)],
          null,
          "",
          rated((take) => opinions.rate(take, stars)),
        ]),
        [["c"], "C", "circle", rated((take) => opinions.circle(take))],
        [["n"], "N", "note at this frame", inViewer(() => viewer.inspector.noteHere())],
        [["Control+s", "Meta+s"], "Ctrl S", "save the notes to a file", () => review.save()],
        [["?"], "?", "these keys", () => review.help()],
      ],
    ],
  ];
}

class Keys {
  constructor(review) {
    this.table = keyTable(review);
    this.runs = new Map();
    for (const [, rows] of this.table) {
      for (const [keys, , , run] of rows) keys.forEach((key) => this.runs.set(key, run));
    }
    document.addEventListener("keydown", (event) => this.press(event));
  }

  press(event) {
    if (event.defaultPrevented || event.altKey || event.isComposing || document.querySelector("dialog[open]"))
      return;
    const control = event.ctrlKey ? "Control+" : event.metaKey ? "Meta+" : "";
    const target = event.target instanceof Element ? event.target : document.body;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (target.matches("textarea, input[type=text]")) {
      if (key === "Escape") target.blur();
      if (!control) return;
    }
    // A button, a link or a choice that has the focus keeps the keys by which it is used.
    if (key === " " && target.matches("button, select, a")) return;
    if (target.matches("select") && key.startsWith("Arrow")) return;
    const shift = event.shiftKey && key.startsWith("Arrow") ? "Shift+" : "";
    const run = this.runs.get(`${control}${shift}${key}`);
    if (!run) return;
    event.preventDefault();
    run();
  }

  dialog() {
    const close = () => dialog.close();
    const groups = this.table.map(([title, rows]) => {
      const list = make("dl", { class: "keys" });
      for (const [, shown, words] of rows) {
        if (shown)
          list.append(
            make("dt", {}, ...shown.split(" ").map((key) => make("kbd", { text: key }))),
            make("dd", { text: words }),
          );
      }
      return make("section", {}, make("h3", { text: title }), list);
    });
    const dialog = make(
      "dialog",
      { class: "help", "aria-label": "Keys", onclick: (event) => event.target === dialog && close() },
      make(
        "div",
        { class: "help-inside" },
        make(
          "header",
          {},
          make("h2", { text: "Keys" }),
          button("Close", { class: "round", onclick: close }, icon("close")),
        ),
        make("div", { class: "help-groups" }, ...groups),
      ),
    );
    return dialog;
  }
}
