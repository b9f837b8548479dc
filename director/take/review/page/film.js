"use strict";
/* One film, shown frame by frame. A frame is sought in its middle: no rounding of times can choose a neighbour. */

class Film {
  constructor(take, layer) {
    this.take = take;
    this.layer = layer;
    this.rate = rateOf(take);
    this.frames = take.frames;
    this.wanted = 0;
    this.shown = null;
    this.presented = 0;
    this.seeking = null;
    this.failed = false;
    this.isClosed = false;
    this.onframe = () => {};
    this.onended = () => {};
    this.video = make("video", {
      muted: true,
      playsinline: true,
      preload: "auto",
      disablepictureinpicture: true,
      tabindex: -1,
    });
    this.video.muted = true;
    this.video.setAttribute("aria-label", `${take.shot} take ${take.take}, ${layer}`);
    this.ready = new Promise((resolve) => {
      this.video.addEventListener("loadeddata", resolve, { once: true });
      this.video.addEventListener(
        "error",
        () => {
          this.failed = true;
          resolve();
        },
        { once: true },
      );
    });
    this.video.addEventListener("ended", () => this.onended());
    this.video.src = layer === "proxies" ? take.proxies : take.film;
    this.follow();
  }

  get duration() {
    return this.frames / this.rate;
  }

  clamp(frame) {
    return Math.max(0, Math.min(this.frames - 1, frame));
  }

  /* The frame on show at a time in seconds. */
  frameAt(time) {
    return this.clamp(Math.floor(time * this.rate + 1e-4));
  }

  /* Show a frame. While one is sought, only the newest wish waits. */
  seek(frame) {
    this.wanted = this.clamp(frame);
    this.seeking ??= this.settle().finally(() => {
      this.seeking = null;
    });
    return this.seeking;
  }

  async settle() {
    await this.ready;
    while (!this.failed && this.shown !== this.wanted) {
      const frame = this.wanted;
      await this.jump((frame + 0.5) / this.rate);
      this.shown = this.presented = frame;
    }
  }

  jump(time) {
    return new Promise((resolve) => {
      const done = () => {
        this.video.removeEventListener("seeked", done);
        this.video.removeEventListener("error", done);
        resolve();
      };
      this.video.addEventListener("seeked", done);
      this.video.addEventListener("error", done);
      this.video.currentTime = time;
    });
  }

  async play(speed) {
    this.shown = null;
    this.video.playbackRate = speed;
    try {
      await this.video.play();
    } catch (error) {
      // A pause that comes before it has begun is no failure.
      if (error.name !== "AbortError") throw error;
    }
  }

  pause() {
    this.video.pause();
  }

  /* Told by the browser which frame it put on the screen; else reckoned from the time. */
  follow() {
    if (this.video.requestVideoFrameCallback) {
      const tell = (_, told) => {
        this.presented = this.clamp(Math.round(told.mediaTime * this.rate));
        this.onframe();
        this.video.requestVideoFrameCallback(tell);
      };
      this.video.requestVideoFrameCallback(tell);
      return;
    }
    const tell = () => {
      if (!this.video.paused) {
        this.presented = this.frameAt(this.video.currentTime);
        this.onframe();
      }
      if (!this.isClosed) requestAnimationFrame(tell);
    };
    requestAnimationFrame(tell);
  }

  close() {
    this.isClosed = true;
    this.onframe = this.onended = () => {};
    this.video.pause();
    this.video.removeAttribute("src");
    this.video.load();
    this.video.remove();
  }
}
