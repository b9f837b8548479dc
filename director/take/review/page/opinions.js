"use strict";
/* Ratings, circles and notes: as the takes had them, as they are now, kept in this browser and saved to a file. */

class Opinions {
  constructor(takes) {
    this.takes = takes;
    this.listeners = [];
    this.keeps = true;
    this.was = new Map(takes.map((take) => [take.id, Opinions.plain(take)]));
    this.now = new Map();
    for (const take of takes) {
      const kept = this.recall(take.id);
      this.now.set(take.id, kept ?? Opinions.copy(this.was.get(take.id)));
    }
    this.saved = this.recallText("director review saved") ?? "";
  }

  static plain({ rating, circled, note, notes }) {
    const sorted = notes.map(({ frame, text }) => ({ frame, text })).sort((a, b) => a.frame - b.frame);
    return { rating, circled, note, notes: sorted };
  }

  static copy(opinion) {
    return Opinions.plain(opinion);
  }

  /* What may be anything, as an opinion of a take of so many frames, or null. */
  static checked(told, frames) {
    if (typeof told !== "object" || told === null || !Array.isArray(told.notes)) return null;
    const { rating, circled, note, notes } = told;
    if (!Number.isInteger(rating) || rating < 0 || rating > 5) return null;
    if (typeof circled !== "boolean" || typeof note !== "string") return null;
    const sound = notes.every(
      (one) =>
        one &&
        Number.isInteger(one.frame) &&
        one.frame >= 0 &&
        one.frame < frames &&
        typeof one.text === "string",
    );
    return sound ? Opinions.plain(told) : null;
  }

  of(take) {
    return this.now.get(take.id);
  }

  isChanged(take) {
    return JSON.stringify(this.now.get(take.id)) !== JSON.stringify(this.was.get(take.id));
  }

  get changed() {
    return this.takes.filter((take) => this.isChanged(take));
  }

  /* Whether there is something that no saved file holds. */
  get isUnsaved() {
    return this.changed.length > 0 && this.digest() !== this.saved;
  }

  change(take, values) {
    this.now.set(take.id, Opinions.plain({ ...this.of(take), ...values }));
    this.keep(take);
    this.tell(take);
  }

  rate(take, stars) {
    this.change(take, { rating: this.of(take).rating === stars ? 0 : stars });
  }

  circle(take) {
    this.change(take, { circled: !this.of(take).circled });
  }

  addNote(take, frame, text) {
    const words = text.trim().replace(/\s+/g, " ");
    if (words) this.change(take, { notes: [...this.of(take).notes, { frame, text: words }] });
  }

  editNote(take, index, text) {
    const notes = this.of(take).notes.map((note, at) =>
      at === index ? { ...note, text: text.trim().replace(/\s+/g, " ") } : note,
    );
    this.change(take, { notes: notes.filter((note) => note.text) });
  }

  revert(take) {
    this.change(take, this.was.get(take.id));
  }

  listen(listener) {
    this.listeners.push(listener);
  }

  tell(take) {
    for (const listener of this.listeners) listener(take);
  }

  digest() {
    return JSON.stringify(this.changed.map((take) => [take.id, this.of(take)]));
  }

  file() {
    const takes = this.changed.map((take) => ({
      folder: take.folder,
      fingerprint: take.fingerprint,
      scene: take.scene,
      shot: take.shot,
      take: take.take,
      ...this.of(take),
      notes: this.of(take).notes.map((note) => ({ ...note, timecode: timecode(note.frame, take.fps) })),
      was: this.was.get(take.id),
    }));
    return { format: "director review notes", version: 1, title: DIRECTOR_REVIEW.title, takes };
  }

  /* Hand the notes over as a file. */
  save() {
    const text = `${JSON.stringify(this.file(), null, 1)}\n`;
    const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    const name = DIRECTOR_REVIEW.title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "review";
    const link = make("a", { href: address, download: `${name}-notes.json` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
    this.saved = this.digest();
    this.keepText("director review saved", this.saved);
    this.tell(null);
  }

  /* Take notes from a file's text; what they say replaces what stands here. Returns [taken, not here]. */
  load(text) {
    const told = JSON.parse(text);
    if (told?.format !== "director review notes" || told.version !== 1 || !Array.isArray(told.takes)) {
      throw new Error("holds no notes of a review");
    }
    let taken = 0;
    for (const one of told.takes) {
      const take = this.takes.find((take) => take.fingerprint === one?.fingerprint);
      const opinion = take && Opinions.checked(one, take.frames);
      if (!opinion) continue;
      this.change(take, opinion);
      taken += 1;
    }
    return [taken, told.takes.length - taken];
  }

  keep(take) {
    const key = `director review ${take.id}`;
    this.keepText(key, this.isChanged(take) ? JSON.stringify(this.of(take)) : null);
  }

  recall(id) {
    const text = this.recallText(`director review ${id}`);
    if (text === null) return null;
    try {
      return Opinions.checked(JSON.parse(text), this.takes.find((take) => take.id === id).frames);
    } catch {
      return null;
    }
  }

  /* Some browsers keep nothing for pages on disk: then only a file does, and the page says so. */
  keepText(key, text) {
    try {
      if (text === null) localStorage.removeItem(key);
      else localStorage.setItem(key, text);
    } catch {
      this.keeps = false;
    }
  }

  recallText(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      this.keeps = false;
      return null;
    }
  }
}
