"use strict";
/* Timeline, buttons and timecode under the picture. */

class Transport {
  constructor(stage, opinions) {
    this.stage = stage;
    this.opinions = opinions;
    this.range = make("input", {
      type: "range",
      class: "range",
      min: 0,
      step: 1,
      value: 0,
      "aria-label": "Frame",
      oninput: () => stage.go(Number(this.range.value)),
    });
    this.marks = make("div", { class: "marks" });
    this.code = make("output", { class: "timecode", "aria-label": "Timecode" });
    this.count = make("span", { class: "frame-count" });
    this.playing = button(
      "Play",
      { class: "round is-main", title: "Play, pause (Space)", onclick: () => stage.toggle() },
      icon("play"),
    );
    this.loop = button(
      "Loop",
      { class: "round", title: "Loop (R)", onclick: () => stage.setLoop(!stage.loops) },
      icon("loop"),
    );
    this.speeds = make("select", {
      class: "pick",
      "aria-label": "Speed",
      title: "Speed",
      onchange: () => stage.setSpeed(Number(this.speeds.value)),
    });
    this.speeds.append(...SPEEDS.map((speed) => make("option", { value: speed, text: `${speed}×` })));
    this.element = make(
      "div",
      { class: "transport" },
      make("div", { class: "timeline" }, this.marks, this.range),
      make(
        "div",
        { class: "transport-row" },
        make("div", { class: "codes" }, this.code, this.count),
        make(
          "div",
          { class: "buttons" },
          button(
            "One frame back",
            { class: "round", title: "One frame back (Left)", onclick: () => stage.step(-1) },
            icon("back"),
          ),
          this.playing,
          button(
            "One frame on",
            { class: "round", title: "One frame on (Right)", onclick: () => stage.step(1) },
            icon("forward"),
          ),
        ),
        make("div", { class: "ways" }, this.loop, this.speeds),
      ),
    );
    stage.listen((what) => {
      if (what === "arrange") this.showMarks();
      this.show();
    });
    opinions.listen((take) => {
      if (take && take === stage.take) this.showMarks();
    });
  }

  show() {
    const { stage } = this;
    if (!stage.take) return;
    const last = stage.frames - 1;
    const code = timecode(stage.frame, stage.take.fps);
    this.range.max = String(last);
    this.range.value = String(stage.frame);
    this.range.style.setProperty("--done", last ? String(stage.frame / last) : "0");
    this.range.setAttribute("aria-valuetext", `${code}, frame ${stage.frame + 1} of ${last + 1}`);
    this.code.textContent = code;
    this.count.textContent = `${stage.frame + 1} / ${last + 1}`;
    const goes = stage.playing !== 0;
    if (this.goes !== goes) {
      this.goes = goes;
      this.playing.replaceChildren(icon(goes ? "pause" : "play"));
      this.playing.setAttribute("aria-label", goes ? "Pause" : "Play");
    }
    press(this.loop, stage.loops);
    this.speeds.value = String(stage.speed);
  }

  showMarks() {
    const { take } = this.stage;
    const last = Math.max(1, this.stage.frames - 1);
    const mark = (kind, frame, words) => {
      const element = make("span", {
        class: `mark is-${kind}`,
        title: `${timecode(frame, take.fps)} ${words}`,
      });
      element.style.setProperty("--at", String(frame / last));
      return element;
    };
    this.marks.replaceChildren(
      ...take.cuts.map((frame) => mark("cut", frame, "cut")),
      ...take.directions
        .filter(({ frame }) => frame > 0)
        .map(({ frame, changes }) =>
          mark("direction", frame, changes.map(({ what, text }) => `${what}: ${text}`).join("; ")),
        ),
      ...this.opinions.of(take).notes.map(({ frame, text }) => mark("note", frame, text)),
    );
  }
}
