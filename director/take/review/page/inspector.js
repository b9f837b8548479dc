"use strict";
/* What there is to say and to know of the take on show: verdict, notes, lens, direction, stability. */

const READINGS = [
  ["focal_mm", "Focal length", (value) => `${Number(value.toFixed(1))} mm`, 4],
  ["stop", "Stop", (value) => `f/${Number(value.toPrecision(2))}`, 1],
  ["focus_m", "Focus", (value) => (value > 1000 ? "∞" : `${value.toFixed(2)} m`), 0.5],
  ["height_m", "Camera height", (value) => `${value.toFixed(2)} m`, 0.5],
  ["speed_m_s", "Camera speed", (value) => `${value.toFixed(2)} m/s`, 0.5],
];
const FIGURES = [
  ["warp_error", "Warp error", "change along exact motion; lower is steadier", 0.02, 4],
  ["flicker", "Flicker", "what boils; lower is calmer", 0.02, 4],
  ["detail_kept", "Detail kept", "of the generator's own; 1 is all", 1, 2],
  ["edge_recall", "Edge recall", "edges of the set in the picture; 1 is all", 1, 2],
  ["edge_offset_px", "Edge offset", "pixels off the set's edges", 1, 2],
  ["drift", "Drift", "of saturation and contrast; 0 is none", 0.05, 3],
];

/* As high as what is written in it. */
function fit(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

class Inspector {
  constructor(stage, opinions) {
    this.stage = stage;
    this.opinions = opinions;
    this.take = null;
    this.plots = [];
    this.element = make("aside", { class: "inspector", "aria-label": "The take" });
    stage.listen((what) =>
      what === "arrange" ? this.arrange() : what === "frame" ? this.showFrame() : null,
    );
    opinions.listen((take) => {
      if (take && take === this.take) this.showOpinion();
    });
  }

  arrange() {
    if (this.take === this.stage.take) {
      this.showCompared();
      return;
    }
    this.take = this.stage.take;
    this.element.replaceChildren(
      this.verdict(),
      this.notes(),
      this.lens(),
      this.direction(),
      this.stability(),
      this.facts(),
    );
    this.element.scrollTop = 0;
    this.showOpinion();
    this.showFrame();
  }

  section(title, ...children) {
    return make("section", { class: "section" }, make("h3", { text: title }), ...children);
  }

  verdict() {
    const { take, opinions } = this;
    this.stars = starButtons((stars) => opinions.rate(take, stars));
    this.circle = button(
      "Circle this take",
      { class: "circle", title: "Circle (C)", onclick: () => opinions.circle(take) },
      icon("ring"),
      make("span", { text: "Circle" }),
    );
    this.whole = make("textarea", {
      class: "field",
      rows: 2,
      maxlength: 3000,
      placeholder: "What is to be said of the whole take",
      "aria-label": "Note on the take",
      onchange: () => opinions.change(take, { note: this.whole.value.trim().replace(/\s+/g, " ") }),
    });
    this.revert = button(
      "Take back what was changed here",
      {
        class: "quiet",
        title: "Take back what was changed here",
        onclick: () => opinions.revert(take),
      },
      make("span", { text: "Undo" }),
    );
    return make(
      "section",
      { class: "section verdict" },
      make("div", { class: "verdict-line" }, this.stars.element, this.circle, this.revert),
      this.whole,
    );
  }

  notes() {
    const { take, opinions, stage } = this;
    this.noteList = make("ol", { class: "notes" });
    let width = 0;
    new ResizeObserver(([{ contentRect }]) => {
      // Their own height is no reason to fit them again.
      if (contentRect.width !== width) this.fitNotes();
      width = contentRect.width;
    }).observe(this.noteList);
    this.noteAt = make("span", { class: "note-at" });
    this.noteField = make("input", {
      class: "field",
      type: "text",
      maxlength: 1000,
      placeholder: matchMedia("(pointer: coarse)").matches
        ? "A note at this frame"
        : "A note at this frame (N)",
      "aria-label": "Note at this frame",
      onfocus: () => stage.pause(),
    });
    const form = make(
      "form",
      {
        class: "note-form",
        onsubmit: (event) => {
          event.preventDefault();
          opinions.addNote(take, Math.min(stage.frame, take.frames - 1), this.noteField.value);
          this.noteField.value = "";
          this.noteField.blur();
        },
      },
      this.noteAt,
      this.noteField,
      make("button", { class: "quiet", type: "submit", text: "Add" }),
    );
    return this.section("Notes", this.noteList, form);
  }

  showOpinion() {
    const { take, opinions, stage } = this;
    const opinion = opinions.of(take);
    this.stars.show(opinion.rating);
    press(this.circle, opinion.circled);
    this.circle.lastElementChild.textContent = opinion.circled ? "Circled" : "Circle";
    if (document.activeElement !== this.whole) this.whole.value = opinion.note;
    this.revert.hidden = !opinions.isChanged(take);
    this.noteList.replaceChildren(
      ...opinion.notes.map((note, index) => {
        const code = timecode(note.frame, take.fps);
        const text = make("textarea", {
          class: "note-text",
          rows: 1,
          maxlength: 1000,
          "aria-label": `Note at ${code}`,
          oninput: () => fit(text),
          onchange: () => opinions.editNote(take, index, text.value),
          onkeydown: (event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            text.blur();
          },
        });
        text.value = note.text;
        return make(
          "li",
          { class: "note" },
          button(
            `Go to ${code}`,
            { class: "note-at", onclick: () => stage.go(note.frame) },
            make("span", { text: code }),
          ),
          text,
          button(
            `Remove the note at ${code}`,
            { class: "remove", onclick: () => opinions.editNote(take, index, "") },
            icon("close"),
          ),
        );
      }),
    );
    this.fitNotes();
  }

  fitNotes() {
    for (const text of this.noteList.querySelectorAll("textarea")) fit(text);
  }

  lens() {
    const { take, stage } = this;
    this.plots = READINGS.map(([name, title, words, least]) => {
      const value = make("span", { class: "reading-value" });
      const plot = framePlot(take.lens[name], take.frames, least, `${title} along the take`, (frame) =>
        stage.go(frame),
      );
      const element = make(
        "div",
        { class: "reading" },
        make("span", { class: "reading-name", text: title }),
        value,
        plot.element,
      );
      return {
        element,
        show: (frame) => ((value.textContent = words(readingAt(take.lens[name], frame))), plot.show(frame)),
      };
    });
    return this.section(
      "Lens and camera",
      make("div", { class: "readings" }, ...this.plots.map(({ element }) => element)),
    );
  }

  direction() {
    const { take, stage } = this;
    this.moments = take.directions.map(({ frame, changes }) => {
      const code = timecode(frame, take.fps);
      const told = changes.map(({ what, text }) =>
        what === "prompt"
          ? make("p", { class: "prompt", text: text || "no prompt" })
          : make("p", { class: "change" }, make("span", { text: `${what}: ` }), text),
      );
      const at =
        take.directions.length > 1 || frame
          ? button(
              `Go to ${code}`,
              { class: "note-at", onclick: () => stage.go(frame) },
              make("span", { text: code }),
            )
          : null;
      return { frame, element: make("li", { class: "moment" }, at, make("div", {}, ...told)) };
    });
    this.compared = make("div", { class: "compared", hidden: true });
    return this.section(
      "Direction",
      make("ol", { class: "moments" }, ...this.moments.map(({ element }) => element)),
      this.compared,
    );
  }

  /* What the take beside it was directed to be, at this time. */
  showCompared() {
    const { other, mode } = this.stage;
    this.compared.hidden = mode === "single" || !other;
    if (this.compared.hidden) return;
    const frame = ((this.stage.frame + 0.5) / rateOf(this.take)) * rateOf(other);
    const told = other.directions.filter((moment) => moment.frame <= frame).flatMap(({ changes }) => changes);
    const prompt = told.filter(({ what }) => what === "prompt").at(-1);
    this.compared.replaceChildren(
      make("p", { class: "compared-name", text: takeWords(other) }),
      make("p", { class: "prompt", text: prompt?.text || "no prompt" }),
    );
  }

  stability() {
    const told = this.take.figures;
    if (!told || !told.values) {
      const why = told?.notes?.length
        ? told.notes.join("; ")
        : "Not measured: director review --measure tells it.";
      return this.section("Stability", make("p", { class: "quiet-words", text: why }));
    }
    const known = FIGURES.filter(([name]) => told.values[name] !== null);
    const figures = known.map(([name, title, words, most, digits]) => {
      const value = told.values[name].toFixed(digits);
      const plot = secondPlot(
        told.seconds.map((second) => second[name] ?? null),
        most,
        `${title} by second`,
      );
      return make(
        "div",
        { class: "figure", title: words },
        make("span", { class: "reading-name", text: title }),
        make("span", { class: "reading-value", text: value }),
        plot,
        make("span", { class: "figure-words", text: words }),
      );
    });
    const rest = [];
    if (told.latency_ms && told.latency_ms.p50 !== null)
      rest.push(
        `Latency: ${Math.round(told.latency_ms.p50)} ms, 95 % within ${Math.round(told.latency_ms.p95)} ms`,
      );
    if (told.deadline_miss !== null)
      rest.push(`Pictures later than asked: ${(told.deadline_miss * 100).toFixed(1)} %`);
    return this.section(
      "Stability",
      make("div", { class: "figures" }, ...figures),
      ...[...rest, ...told.notes].map((text) => make("p", { class: "quiet-words", text })),
    );
  }

  facts() {
    const { take } = this;
    const rows = [
      ["Size", take.size],
      ["Move", take.move],
      ["Picture", `${take.width} × ${take.height}, ${rateWords(take)}`],
      ["Length", `${timecode(take.frames, take.fps)}, ${plural(take.frames, "frame")}`],
      ["Generator", take.generator],
      ["Seed", take.seed],
      ["Shot on", take.date.slice(0, 10)],
      ["Take", take.folder],
      [
        "State",
        take.state === "complete"
          ? ""
          : `${take.state === "short" ? "ends early" : "was not ended"}${take.problem ? `: ${take.problem}` : ""}`,
      ],
    ].filter(([, value]) => value);
    const list = make("dl", { class: "facts" });
    for (const [name, value] of rows) list.append(make("dt", { text: name }), make("dd", { text: value }));
    return this.section("Made of", list);
  }

  showFrame() {
    const { take, stage } = this;
    if (!take || take !== stage.take) return;
    const frame = Math.min(stage.frame, take.frames - 1);
    for (const plot of this.plots) plot.show(frame);
    this.noteAt.textContent = timecode(frame, take.fps);
    const now = this.moments.reduce((newest, moment) => (moment.frame <= frame ? moment : newest), null);
    for (const moment of this.moments) moment.element.classList.toggle("is-now", moment === now);
    this.showCompared();
  }

  noteHere() {
    this.noteField.scrollIntoView({ block: "nearest" });
    this.noteField.focus({ preventScroll: true });
  }
}
