"use strict";
/* The viewer: a bar, the picture with its transport, the inspector, and a strip of takes. */

class Viewer {
  constructor(takes, opinions) {
    this.takes = takes;
    this.opinions = opinions;
    this.stage = new Stage();
    this.transport = new Transport(this.stage, opinions);
    this.inspector = new Inspector(this.stage, opinions);
    this.name = make("h1", { class: "viewer-name" });
    this.modes = [
      ["single", "Single", "One picture (V)"],
      ["wipe", "Wipe", "Under a wipe (W)"],
      ["side", "Side by side", "Side by side (S)"],
    ].map(([mode, words, title]) => [
      mode,
      button(
        words,
        { class: "segment", title, onclick: () => this.setMode(mode) },
        icon(mode),
        make("span", { text: words }),
      ),
    ]);
    this.layer = button(
      "Show the proxies",
      { class: "toggle", title: "Proxies, picture (P)", onclick: () => this.toggleLayer() },
      make("span", { text: "Proxies" }),
    );
    this.against = make("select", {
      class: "pick",
      "aria-label": "Compare with",
      onchange: () => this.compareWith(this.against.value),
    });
    this.strip = make("nav", { class: "strip", "aria-label": "Takes" });
    this.thumbs = new Map(takes.map((take) => [take.id, this.thumb(take)]));
    this.strip.append(...[...this.thumbs.values()].map(({ element }) => element));
    this.element = make(
      "main",
      { class: "viewer" },
      make(
        "div",
        { class: "viewer-bar" },
        make(
          "a",
          { class: "back", href: "#", "aria-label": "All takes", title: "All takes (G)" },
          icon("left"),
          make("span", { text: "Takes" }),
        ),
        this.name,
        make(
          "div",
          { class: "ways-of-seeing" },
          make(
            "div",
            { class: "segments", role: "group", "aria-label": "Compare" },
            ...this.modes.map(([, one]) => one),
          ),
          this.layer,
          make("label", { class: "against" }, make("span", { text: "with" }), this.against),
        ),
      ),
      make("div", { class: "picture" }, this.stage.element, this.transport.element),
      this.inspector.element,
      this.strip,
    );
    this.stage.listen((what) => {
      if (what === "arrange") this.show();
    });
    opinions.listen((take) => {
      if (!take) return;
      this.thumbs.get(take.id).show();
      if (take === this.stage.take) this.showName();
    });
  }

  get take() {
    return this.stage.take;
  }

  thumb(take) {
    const number = make("span", { class: "thumb-number" });
    const element = make(
      "a",
      { class: "thumb", href: `#${take.id}`, title: `${take.scene} ${take.shot}` },
      make("img", { src: take.picture, alt: "", loading: "lazy" }),
      make("span", { class: "thumb-name" }, make("span", { text: named(take.shot) }), number),
    );
    return {
      element,
      show: () => {
        const { rating, circled } = this.opinions.of(take);
        number.replaceChildren(takeNumber(take.take, circled));
        element.setAttribute(
          "aria-label",
          `${take.scene}, ${take.shot}, take ${take.take}${circled ? ", circled" : ""}${rating ? `, ${plural(rating, "star")}` : ""}`,
        );
      },
    };
  }

  open(take) {
    const opened = this.stage.open(take);
    this.thumbs.get(take.id).element.scrollIntoView({ block: "nearest", inline: "center" });
    announce(`${take.scene}, ${take.shot}, take ${take.take}`);
    return opened;
  }

  close() {
    this.stage.pause();
  }

  showName() {
    const { take } = this;
    const { circled } = this.opinions.of(take);
    this.name.replaceChildren(
      make("span", { class: "viewer-scene", text: named(take.scene) }),
      make("span", { text: named(take.shot) }),
      takeNumber(take.take, circled),
    );
  }

  show() {
    const { stage, take } = this;
    this.showName();
    document.title = `${takeWords(take)} – ${named(DIRECTOR_REVIEW.title)}`;
    const canCompare = this.others.length > 0 || Boolean(take.proxies);
    for (const [mode, one] of this.modes) {
      press(one, mode === stage.mode);
      one.disabled = mode !== "single" && !canCompare;
    }
    press(this.layer, stage.layer === "proxies");
    this.layer.disabled = !take.proxies || (stage.mode !== "single" && !stage.other);
    const own = take.proxies ? [make("option", { value: "", text: "its proxies" })] : [];
    this.against.replaceChildren(
      ...own,
      ...this.others.map((other) =>
        make("option", {
          value: other.id,
          text: `${other.scene === take.scene ? "" : `${named(other.scene)} `}${takeWords(other)}`,
        }),
      ),
    );
    this.against.value = stage.other?.id ?? "";
    this.against.parentElement.hidden = stage.mode === "single";
    for (const [id, { element, show }] of this.thumbs) {
      show();
      if (id === take.id) element.setAttribute("aria-current", "true");
      else element.removeAttribute("aria-current");
      element.classList.toggle("is-other", stage.mode !== "single" && id === stage.other?.id);
    }
  }

  /* Those that one may compare with, the likeliest first: of the shot, of the scene, the rest. */
  get others() {
    const { take } = this;
    const far = (other) => (other.scene !== take.scene ? 2 : other.shot !== take.shot ? 1 : 0);
    return this.takes.filter((other) => other !== take).sort((a, b) => far(a) - far(b));
  }

  setMode(mode) {
    const { stage } = this;
    if (mode !== "single" && !stage.other) {
      const [likely] = this.others;
      const isAlike = likely && likely.scene === stage.take.scene && likely.shot === stage.take.shot;
      if (isAlike || !stage.take.proxies) stage.other = likely ?? null;
    }
    announce({ single: "One picture", wipe: "Under a wipe", side: "Side by side" }[mode]);
    return stage.setMode(stage.mode === mode ? "single" : mode);
  }

  compareWith(id) {
    return this.stage.compare(this.takes.find((take) => take.id === id) ?? null);
  }

  /* The next one to compare with: every other take, and the proxies. */
  compareNext() {
    const { stage } = this;
    const order = [...this.others, ...(stage.take.proxies ? [null] : [])];
    if (!order.length) return null;
    const now = stage.mode === "single" ? -1 : order.indexOf(stage.other);
    return stage.compare(order[(now + 1) % order.length]);
  }

  swap() {
    const { stage } = this;
    if (stage.mode === "single" || !stage.other) return;
    const { take, other } = stage;
    stage.other = take;
    location.hash = `#${other.id}`;
  }

  toggleLayer() {
    const { stage } = this;
    if (this.layer.disabled) return null;
    const layer = stage.layer === "proxies" ? "picture" : "proxies";
    announce(layer === "proxies" ? "Proxies" : "Picture");
    return stage.setLayer(layer);
  }
}
