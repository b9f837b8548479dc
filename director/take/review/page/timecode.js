"use strict";
/* Frames as HH:MM:SS:FF. At 29.97 and 59.94 drop-frame, with a semicolon: numbers are skipped, never frames. */

function timecode(frame, [numerator, denominator]) {
  const nominal = Math.max(1, Math.round(numerator / denominator));
  const drops = denominator === 1001 && (numerator === 30000 || numerator === 60000) ? nominal / 15 : 0;
  if (drops) {
    const inTen = 10 * 60 * nominal - 9 * drops;
    const tens = Math.floor(frame / inTen);
    const minute = Math.floor(Math.max(0, (frame % inTen) - drops) / (60 * nominal - drops));
    frame += drops * (9 * tens + minute);
  }
  const seconds = Math.floor(frame / nominal);
  const two = (number) => String(number).padStart(2, "0");
  const part = String(frame % nominal).padStart(nominal > 100 ? 3 : 2, "0");
  const hours = Math.floor(seconds / 3600) % 24;
  return `${two(hours)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${drops ? ";" : ":"}${part}`;
}

/* A name as one reads it: scenes are called after files. */
function named(name) {
  return name.replaceAll("_", " ");
}

function takeWords(take) {
  return `${named(take.shot)} T${String(take.take).padStart(3, "0")}`;
}

function rateOf(take) {
  return take.fps[0] / take.fps[1];
}

function rateWords(take) {
  return `${Number(rateOf(take).toFixed(3))} fps`;
}

function lengthWords(take) {
  const seconds = take.frames / rateOf(take);
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")} min`;
}

/* A reading at a frame: one number stands for all that are the same. */
function readingAt(values, frame) {
  return Array.isArray(values) ? values[Math.min(frame, values.length - 1)] : values;
}

function lensWords(take) {
  const focal = take.lens.focal_mm;
  const all = Array.isArray(focal) ? focal : [focal];
  const shown = (value) => String(Number(value.toFixed(value < 100 ? 1 : 0)));
  const least = shown(all.reduce((a, b) => Math.min(a, b)));
  const most = shown(all.reduce((a, b) => Math.max(a, b)));
  return least === most ? `${least} mm` : `${least}–${most} mm`;
}
