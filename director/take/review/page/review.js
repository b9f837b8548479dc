"use strict";
/* Brings the parts together: which of the two views is on show, and the bar with what is true of both. */

class Review {
  constructor(data) {
    this.takes = data.takes.filter((take) => !take.broken);
    this.opinions = new Opinions(this.takes);
    this.sheet = new Sheet(
      this.takes,
      data.takes.filter((take) => take.broken),
      this.opinions,
    );
    this.viewer = new Viewer(this.takes, this.opinions);
    this.isViewing = false;
    this.saving = button(
      "Save notes",
      { class: "save", title: "Save notes to a file (Ctrl S)", onclick: () => this.save() },
      make("span", { class: "save-words" }),
      make("span", { class: "save-count" }),
    );
    this.file = make("input", {
      type: "file",
      accept: "application/json,.json",
      class: "unseen",
      tabindex: -1,
      "aria-hidden": "true",
      onchange: () => this.load(),
    });
    const loading = button(
      "Open a file of notes",
      { class: "quiet opening", title: "Open a file of notes", onclick: () => this.file.click() },
      make("span", { text: "Open notes" }),
    );
    const helping = button(
      "Keys",
      { class: "round", title: "Keys (?)", onclick: () => this.help() },
      make("span", { text: "?" }),
    );
    this.bar = make("div", { class: "bar" }, this.file, loading, this.saving, helping);
    this.keys = new Keys(this);
    this.helping = this.keys.dialog();
    this.page = document.getElementById("page");
    this.page.append(this.bar, this.sheet.element, this.viewer.element);
    document.body.append(this.helping);
    this.opinions.listen(() => this.showSaving());
    this.showSaving();
    addEventListener("hashchange", () => this.route());
    addEventListener("beforeunload", (event) => {
      // What this browser keeps is there again; what it does not keep would be lost.
      if (!this.opinions.keeps && this.opinions.isUnsaved) event.preventDefault();
    });
    this.route();
  }

  route() {
    const take = this.takes.find((one) => `#${one.id}` === location.hash);
    const before = this.viewer.take;
    this.isViewing = Boolean(take);
    this.page.dataset.view = take ? "viewer" : "sheet";
    if (take) {
      this.viewer.open(take);
      scrollTo(0, 0);
      return;
    }
    this.viewer.close();
    document.title = `${named(DIRECTOR_REVIEW.title)} – review`;
    this.sheet.setFilter(this.sheet.filter);
    if (before) this.sheet.focus(before);
  }

  go(places) {
    const shown = this.sheet.shown.includes(this.viewer.take) ? this.sheet.shown : this.takes;
    const next = shown[shown.indexOf(this.viewer.take) + places];
    if (next) location.hash = `#${next.id}`;
  }

  leave() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (this.isViewing) location.hash = "#";
  }

  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.viewer.element.querySelector(".picture").requestFullscreen?.();
  }

  help() {
    this.helping.showModal();
  }

  showSaving() {
    const count = this.opinions.changed.length;
    this.saving.firstElementChild.textContent = this.opinions.isUnsaved || !count ? "Save notes" : "Saved";
    this.saving.lastElementChild.textContent = count ? String(count) : "";
    this.saving.classList.toggle("is-due", this.opinions.isUnsaved);
    this.saving.disabled = !count;
    this.saving.setAttribute(
      "aria-label",
      count ? `Save notes on ${plural(count, "take")} to a file` : "Save notes: there are none",
    );
  }

  save() {
    // A field that is being written in has not told yet.
    if (document.activeElement?.matches("textarea, input")) document.activeElement.blur();
    if (!this.opinions.changed.length) return;
    this.opinions.save();
    announce("Notes saved to a file");
  }

  async load() {
    const [file] = this.file.files;
    this.file.value = "";
    if (!file) return;
    try {
      const [taken, missing] = this.opinions.load(await file.text());
      announce(
        `Notes on ${plural(taken, "take")} are in${missing ? `, ${missing} are not about takes of this review` : ""}`,
      );
      this.tell(
        `Notes on ${plural(taken, "take")} are in.${missing ? ` ${missing} are not about takes of this review.` : ""}`,
      );
    } catch (error) {
      this.tell(`${file.name} cannot be read as notes: ${error.message}`);
    }
  }

  /* Some words at the foot that go by themselves. */
  tell(words) {
    const told = make("p", { class: "told", text: words });
    document.body.append(told);
    setTimeout(() => told.remove(), 6000);
  }
}

function begin() {
  if (typeof DIRECTOR_REVIEW === "undefined" || DIRECTOR_REVIEW.version !== 1) {
    const words =
      "The takes are not here: takes.js is missing or damaged. Copy the whole folder, and unpack it first if it came as an archive.";
    document.getElementById("page").replaceChildren(make("p", { class: "plain", text: words }));
    return null;
  }
  return new Review(DIRECTOR_REVIEW);
}

const review = begin();
