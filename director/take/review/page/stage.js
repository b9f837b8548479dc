"use strict";
/* The picture: one film, or two in step, side by side or under a wipe. Frames are those of the first take. */

const KEPT_FILMS = 6;
const SPEEDS = [0.25, 0.5, 1, 2];

class Stage {
  constructor() {
    this.take = null;
    this.other = null;
    this.mode = "single";
    this.layer = "picture";
    this.frame = 0;
    this.playing = 0;
    this.speed = 1;
    this.loops = false;
    this.films = [];
    this.kept = new Map();
    this.turn = 0;
    this.listeners = [];
    this.screens = [0, 1].map(() => make("div", { class: "screen" }, make("span", { class: "screen-name" })));
    this.handle = make("div", {
      class: "wipe",
      role: "slider",
      tabindex: 0,
      "aria-label": "Wipe",
      "aria-valuemin": 0,
      "aria-valuemax": 100,
      onkeydown: (event) => this.wipeKey(event),
    });
    this.trouble = make("p", { class: "trouble", hidden: true });
    this.box = make("div", { class: "frame" }, ...this.screens, this.handle);
    this.element = make("div", { class: "stage" }, this.box, this.trouble);
    this.box.addEventListener("pointerdown", (event) => this.pointer(event));
    this.setWipe(0.5);
  }

  listen(listener) {
    this.listeners.push(listener);
  }

  tell(what) {
    for (const listener of this.listeners) listener(what);
  }

  /* What is on the left and on the right: two takes, or one take's proxies and its picture. */
  sides() {
    if (this.mode === "single") return [[this.take, this.layer]];
    if (this.other)
      return [
        [this.take, this.layer],
        [this.other, this.layer],
      ];
    return [
      [this.take, "proxies"],
      [this.take, "picture"],
    ];
  }

  get frames() {
    const rate = rateOf(this.take);
    return this.sides().reduce(
      (most, [take]) => Math.max(most, Math.round((take.frames / rateOf(take)) * rate)),
      1,
    );
  }

  get canCompare() {
    return Boolean(this.other || this.take.proxies);
  }

  /* The frame of a film that is on show with a frame of the first take. */
  frameOf(film, frame) {
    if (film.rate === rateOf(this.take)) return film.clamp(frame);
    return film.frameAt((frame + 0.5) / rateOf(this.take));
  }

  open(take) {
    this.pause();
    this.take = take;
    if (this.other === take) this.other = null;
    if (!take.proxies) this.layer = "picture";
    if (this.mode !== "single" && !this.canCompare) this.mode = "single";
    this.frame = 0;
    return this.arrange();
  }

  compare(other) {
    this.other = other;
    if (this.mode === "single") this.mode = "wipe";
    if (!other && !this.take.proxies) this.mode = "single";
    return this.arrange();
  }

  setMode(mode) {
    this.mode = mode !== "single" && !this.canCompare ? "single" : mode;
    return this.arrange();
  }

  setLayer(layer) {
    if (layer === "proxies" && !this.take.proxies) return this.arrange();
    this.layer = layer;
    return this.arrange();
  }

  /* Bring the films that are wanted to the frame, and only then on show: no flash of another. */
  async arrange() {
    const turn = ++this.turn;
    const sides = this.sides();
    const films = sides.map(([take, layer]) => this.film(take, layer));
    films.forEach((film, index) => {
      if (film.video.parentElement !== this.screens[index]) this.screens[index].prepend(film.video);
    });
    this.tell("arrange");
    await Promise.all(
      films.map((film) =>
        this.playing && this.films.includes(film) ? null : film.seek(this.frameOf(film, this.frame)),
      ),
    );
    if (turn !== this.turn) return;
    for (const film of this.kept.values()) {
      film.video.classList.toggle("is-on", films.includes(film));
      if (!films.includes(film)) film.pause();
    }
    this.films = films;
    this.label(sides);
    this.follow();
    this.frame = Math.min(this.frame, this.frames - 1);
    this.tell("frame");
    if (this.playing > 0) await this.play();
  }

  label(sides) {
    const wide = this.take.width / this.take.height;
    this.box.style.setProperty("--ratio", String(wide));
    this.element.dataset.mode = this.mode;
    this.screens.forEach((screen, index) => {
      const side = sides[index];
      screen.hidden = !side;
      if (side) screen.lastElementChild.textContent = this.sideWords(...side);
    });
    this.handle.hidden = this.mode !== "wipe";
    const failed = this.films.find((film) => film.failed);
    this.trouble.hidden = !failed;
    this.trouble.textContent = failed
      ? `This browser cannot play ${failed.video.getAttribute("src")}. Was the folder copied whole?`
      : "";
  }

  /* What stands in the corner of a picture; nothing where that is plain. */
  sideWords(take, layer) {
    if (this.mode === "single") return layer === "proxies" ? "proxies" : "";
    if (!this.other) return layer;
    return layer === "proxies" ? `${takeWords(take)}, proxies` : takeWords(take);
  }

  film(take, layer) {
    const key = `${take.id} ${layer}`;
    const film = this.kept.get(key) ?? new Film(take, layer);
    // The newest last: the first ones go.
    this.kept.delete(key);
    this.kept.set(key, film);
    for (const [old, kept] of this.kept) {
      if (this.kept.size <= KEPT_FILMS) break;
      if (this.films.includes(kept)) continue;
      kept.close();
      this.kept.delete(old);
    }
    return film;
  }

  /* The longest film tells the time. */
  get leader() {
    return this.films.reduce((a, b) => (b.duration > a.duration + 1e-6 ? b : a));
  }

  follow() {
    for (const film of this.kept.values()) film.onframe = film.onended = () => {};
    const leader = this.leader;
    leader.onframe = () => {
      if (this.playing <= 0) return;
      this.frame =
        leader.rate === rateOf(this.take)
          ? leader.presented
          : Math.floor(((leader.presented + 0.5) / leader.rate) * rateOf(this.take));
      this.keepStep(leader);
      this.tell("frame");
    };
    leader.onended = () => this.ended();
  }

  /* A film that has drifted off the leader goes a little faster or slower; far off, it jumps. */
  keepStep(leader) {
    for (const film of this.films) {
      if (film === leader || film.video.ended) continue;
      const ahead = film.video.currentTime - leader.video.currentTime;
      if (leader.video.currentTime > film.duration - 0.5 / film.rate) continue;
      if (Math.abs(ahead) > 0.25) film.video.currentTime = leader.video.currentTime;
      const nudge = Math.abs(ahead) < 0.25 / film.rate ? 0 : Math.max(-0.15, Math.min(0.15, ahead * 2));
      film.video.playbackRate = this.speed * (1 - nudge);
    }
  }

  async ended() {
    if (this.playing <= 0) return;
    if (this.loops) {
      this.frame = 0;
      await this.show(0);
      if (this.playing > 0) await this.play();
      return;
    }
    this.playing = 0;
    this.frame = this.frames - 1;
    await this.show(this.frame);
    this.tell("state");
  }

  async play() {
    if (this.frame >= this.frames - 1) {
      this.frame = 0;
      await this.show(0);
    }
    this.playing = 1;
    this.tell("state");
    const rate = rateOf(this.take);
    await Promise.all(
      this.films.map((film) => (this.frame / rate < film.duration ? film.play(this.speed) : null)),
    );
  }

  /* Browsers play no film backwards: its frames are sought one by one, as fast as they come. */
  playBack() {
    this.halt();
    this.playing = -1;
    this.tell("state");
    const start = this.frame;
    let began = null;
    const step = (now) => {
      if (this.playing !== -1) return;
      began ??= now;
      const frame = Math.max(0, start - Math.floor(((now - began) / 1000) * rateOf(this.take) * this.speed));
      if (frame !== this.frame && !this.films.some((film) => film.seeking)) this.show(frame);
      if (this.frame > 0) requestAnimationFrame(step);
      else this.pause();
    };
    requestAnimationFrame(step);
  }

  halt() {
    for (const film of this.films) {
      film.pause();
      if (this.playing > 0) film.shown = null;
    }
  }

  /* Stop where it is, every film on the very same frame. */
  pause() {
    if (!this.playing) return null;
    if (this.playing > 0) this.frame = Math.min(this.frame, this.frames - 1);
    this.halt();
    this.playing = 0;
    this.tell("state");
    return this.show(this.frame);
  }

  toggle() {
    return this.playing ? this.pause() : this.play();
  }

  show(frame) {
    this.frame = Math.max(0, Math.min(this.frames - 1, frame));
    this.tell("frame");
    return Promise.all(this.films.map((film) => film.seek(this.frameOf(film, this.frame))));
  }

  /* Go to a frame; a film that plays goes on from there. */
  async go(frame) {
    const goes = this.playing > 0;
    if (this.playing) this.halt();
    this.playing = 0;
    await this.show(frame);
    if (goes && this.frame < this.frames - 1) await this.play();
    else this.tell("state");
  }

  step(frames) {
    this.pause();
    return this.show(this.frame + frames);
  }

  setSpeed(speed) {
    this.speed = speed;
    for (const film of this.films) film.video.playbackRate = speed;
    this.tell("state");
  }

  setLoop(loops) {
    this.loops = loops;
    this.tell("state");
  }

  setWipe(share) {
    this.wiped = Math.max(0, Math.min(1, share));
    this.box.style.setProperty("--wipe", `${(this.wiped * 100).toFixed(2)}%`);
    this.handle.setAttribute("aria-valuenow", String(Math.round(this.wiped * 100)));
    this.handle.setAttribute("aria-valuetext", `${Math.round(this.wiped * 100)} percent`);
  }

  wipeKey(event) {
    const steps = { ArrowLeft: -0.02, ArrowRight: 0.02, ArrowDown: -0.02, ArrowUp: 0.02, Home: -1, End: 1 };
    if (!(event.key in steps) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.setWipe(this.wiped + steps[event.key]);
  }

  pointer(event) {
    if (event.button !== 0) return;
    if (this.mode !== "wipe") {
      this.box.addEventListener("click", () => this.toggle(), { once: true });
      return;
    }
    event.preventDefault();
    const place = this.box.getBoundingClientRect();
    const drag = (moved) => this.setWipe((moved.clientX - place.left) / place.width);
    const end = () => {
      this.box.removeEventListener("pointermove", drag);
      this.box.removeEventListener("pointerup", end);
      this.box.removeEventListener("pointercancel", end);
    };
    this.box.setPointerCapture(event.pointerId);
    this.box.addEventListener("pointermove", drag);
    this.box.addEventListener("pointerup", end);
    this.box.addEventListener("pointercancel", end);
    drag(event);
  }
}
