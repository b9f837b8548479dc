"use strict";
/* The contact sheet: every take of the review, by scene. */

const FILTERS = [
  ["all", "All", () => true],
  ["circled", "Circled", (take, opinions) => opinions.of(take).circled],
  ["unrated", "Not rated", (take, opinions) => !opinions.of(take).rating],
  [
    "noted",
    "With notes",
    (take, opinions) => Boolean(opinions.of(take).note || opinions.of(take).notes.length),
  ],
];

class Sheet {
  constructor(takes, broken, opinions, open) {
    this.takes = takes;
    this.broken = broken;
    this.opinions = opinions;
    this.open = open;
    this.filter = "all";
    this.cards = new Map();
    this.count = make("p", { class: "count" });
    this.chips = FILTERS.map(([name, words]) =>
      button(
        words,
        { class: "chip", onclick: () => this.setFilter(name) },
        make("span", { text: words }),
        make("span", { class: "chip-count" }),
      ),
    );
    this.list = make("div", { class: "scenes" });
    this.element = make(
      "main",
      { class: "sheet" },
      make(
        "header",
        { class: "sheet-head" },
        make("div", {}, make("h1", { text: named(DIRECTOR_REVIEW.title) }), this.count),
        make("div", { class: "chips", role: "group", "aria-label": "Show" }, ...this.chips),
      ),
      this.list,
    );
    this.draw();
    opinions.listen((take) => {
      if (take) this.cards.get(take.id).show();
      this.showCounts();
    });
  }

  draw() {
    const scenes = new Map();
    for (const take of this.takes) {
      if (!scenes.has(take.scene)) scenes.set(take.scene, []);
      scenes.get(take.scene).push(take);
    }
    for (const [scene, takes] of scenes) {
      const grid = make("div", { class: "grid" });
      for (const take of takes) {
        const card = this.card(take);
        this.cards.set(take.id, card);
        grid.append(card.element);
      }
      const heading = scenes.size > 1 || this.broken.length ? make("h2", { text: named(scene) }) : null;
      this.list.append(make("section", { class: "scene", "aria-label": scene }, heading, grid));
    }
    if (this.broken.length) this.list.append(this.brokenTakes());
    this.none = make("p", { class: "none", hidden: true, text: "No take is like that." });
    this.list.append(this.none);
    this.setFilter("all");
  }

  card(take) {
    const number = make("span", { class: "card-number" });
    const note = make("p", { class: "card-note" });
    const mark = make("span", {
      class: "changed",
      title: "changed here, and not in the take yet",
      text: "changed",
    });
    const size = take.size ? ` · ${take.size}` : "";
    const stars = starButtons((stars) => this.opinions.rate(take, stars));
    const face = make(
      "a",
      {
        class: "face",
        href: `#${take.id}`,
        "aria-label": `${take.scene}, ${take.shot}, take ${take.take}: open`,
      },
      make("img", { src: take.picture, alt: "", loading: "lazy", width: take.width, height: take.height }),
      make("span", { class: "length", text: lengthWords(take) }),
      take.state === "complete"
        ? null
        : make("span", { class: "state", text: take.state === "short" ? "ends early" : "not ended" }),
    );
    const element = make(
      "article",
      { class: "card", "data-take": take.id },
      face,
      make(
        "div",
        { class: "card-line" },
        make("span", { class: "card-shot", text: named(take.shot) }),
        number,
        mark,
        stars.element,
      ),
      make("p", { class: "card-facts", text: `${lensWords(take)}${size} · ${take.width} × ${take.height}` }),
      note,
    );
    return {
      element,
      face,
      show: () => {
        const opinion = this.opinions.of(take);
        stars.show(opinion.rating);
        number.replaceChildren(takeNumber(take.take, opinion.circled));
        number.setAttribute("aria-label", `take ${take.take}${opinion.circled ? ", circled" : ""}`);
        const more = opinion.notes.length
          ? plural(opinion.notes.length, "note at a frame", "notes at frames")
          : "";
        note.textContent = [opinion.note, more].filter(Boolean).join(" · ");
        note.hidden = !note.textContent;
        mark.hidden = !this.opinions.isChanged(take);
      },
    };
  }

  brokenTakes() {
    const cards = this.broken.map((take) =>
      make(
        "article",
        { class: "card is-broken" },
        make("div", { class: "face" }, make("span", { text: "Cannot be shown" })),
        make("div", { class: "card-line" }, make("span", { class: "card-shot", text: take.folder })),
        make("p", { class: "card-facts", text: take.broken }),
      ),
    );
    return make(
      "section",
      { class: "scene", "aria-label": "Takes that cannot be shown" },
      make("h2", { text: "Not in this review" }),
      make("div", { class: "grid" }, ...cards),
    );
  }

  setFilter(name) {
    this.filter = name;
    const [, , isMeant] = FILTERS.find(([one]) => one === name);
    for (const take of this.takes) {
      const card = this.cards.get(take.id);
      card.show();
      card.element.hidden = !isMeant(take, this.opinions);
    }
    for (const section of this.list.querySelectorAll(".scene")) {
      section.hidden = [...section.querySelectorAll(".card")].every(
        (card) => card.hidden || (card.matches(".is-broken") && name !== "all"),
      );
    }
    this.none.hidden = this.shown.length > 0;
    this.showCounts();
  }

  get shown() {
    return this.takes.filter((take) => !this.cards.get(take.id).element.hidden);
  }

  showCounts() {
    FILTERS.forEach(([name, , isMeant], index) => {
      const count = this.takes.filter((take) => isMeant(take, this.opinions)).length;
      this.chips[index].lastElementChild.textContent = String(count);
      press(this.chips[index], name === this.filter);
    });
    const scenes = new Set(this.takes.map((take) => take.scene)).size;
    const seconds = this.takes.reduce((sum, take) => sum + take.frames / rateOf(take), 0);
    this.count.textContent = [
      plural(this.takes.length, "take"),
      plural(scenes, "scene"),
      `${Math.round(seconds)} s`,
    ].join(" · ");
  }

  /* The take whose card has the focus, or null. */
  get focused() {
    const id = document.activeElement?.closest?.("[data-take]")?.dataset.take;
    return this.takes.find((take) => take.id === id) ?? null;
  }

  focus(take) {
    this.cards.get(take.id)?.face.focus();
  }

  /* Go to a card some places on, or the one beneath or above. */
  move(across, down) {
    const shown = this.shown;
    if (!shown.length) return;
    const now = shown.indexOf(this.focused);
    if (now < 0) {
      this.focus(shown[0]);
      return;
    }
    if (!down) {
      this.focus(shown[Math.max(0, Math.min(shown.length - 1, now + across))]);
      return;
    }
    const place = (take) => this.cards.get(take.id).element.getBoundingClientRect();
    const here = place(shown[now]);
    const rows = shown
      .map((take) => [take, place(take)])
      .filter(([, there]) => (there.top - here.top) * down > here.height / 2);
    rows.sort(
      ([, a], [, b]) => (a.top - b.top) * down || Math.abs(a.left - here.left) - Math.abs(b.left - here.left),
    );
    const first = rows[0]?.[1].top;
    const row = rows.filter(([, there]) => Math.abs(there.top - first) < 4);
    row.sort(([, a], [, b]) => Math.abs(a.left - here.left) - Math.abs(b.left - here.left));
    if (row.length) this.focus(row[0][0]);
  }
}
