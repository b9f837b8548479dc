"use strict";
/* Small plots as SVG: a value by frame with a playhead, or by second as steps. */

const PLOT_WIDTH = 100;
const PLOT_HEIGHT = 32;

function rangeOf(values, least) {
  const known = values.filter((value) => value !== null && Number.isFinite(value));
  const low = known.reduce((a, b) => Math.min(a, b), Infinity);
  const high = known.reduce((a, b) => Math.max(a, b), -Infinity);
  // What hardly changes must not look as if it leapt.
  const spare = Math.max(0, least - (high - low)) / 2;
  return [low - spare, high + spare];
}

function pathOf(points) {
  return points.map(([x, y], index) => `${index ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`).join("");
}

/* A line along the film; `least` is the span that it shows at least. Click or drag goes to a frame. */
function framePlot(values, frames, least, label, go) {
  const svg = draw("svg", {
    class: "plot",
    viewBox: `0 0 ${PLOT_WIDTH} ${PLOT_HEIGHT}`,
    preserveAspectRatio: "none",
    role: "img",
    "aria-label": label,
  });
  const all = Array.isArray(values) ? values : [values, values];
  const [low, high] = rangeOf(all, least);
  const x = (frame) => (frame / Math.max(1, all.length - 1)) * PLOT_WIDTH;
  const y = (value) => PLOT_HEIGHT - 3 - ((value - low) / Math.max(1e-9, high - low)) * (PLOT_HEIGHT - 6);
  // More points than pixels are no use.
  const stride = Math.max(1, Math.floor(all.length / 600));
  const points = all
    .map((value, frame) => [x(frame), y(value)])
    .filter((_, frame) => frame % stride === 0 || frame === all.length - 1);
  const head = draw("line", {
    class: "plot-head",
    y1: 0,
    y2: PLOT_HEIGHT,
    "vector-effect": "non-scaling-stroke",
  });
  svg.append(
    draw("path", {
      class: "plot-fill",
      d: `${pathOf(points)}L${PLOT_WIDTH} ${PLOT_HEIGHT}L0 ${PLOT_HEIGHT}Z`,
    }),
    draw("path", { class: "plot-line", d: pathOf(points), "vector-effect": "non-scaling-stroke" }),
    head,
  );
  const seek = (event) => {
    if (event.buttons !== 1) return;
    const place = svg.getBoundingClientRect();
    go(Math.round(((event.clientX - place.left) / place.width) * (frames - 1)));
  };
  svg.addEventListener("pointerdown", seek);
  svg.addEventListener("pointermove", seek);
  return {
    element: svg,
    show(frame) {
      const at = ((frame / Math.max(1, frames - 1)) * PLOT_WIDTH).toFixed(2);
      head.setAttribute("x1", at);
      head.setAttribute("x2", at);
    },
  };
}

/* A figure by second, drawn from 0 to `most` at least; seconds that are not known are gaps. */
function secondPlot(values, most, label) {
  const svg = draw("svg", {
    class: "plot",
    viewBox: `0 0 ${PLOT_WIDTH} ${PLOT_HEIGHT}`,
    preserveAspectRatio: "none",
    role: "img",
    "aria-label": label,
  });
  const top = values.reduce((a, b) => Math.max(a, b ?? 0), most) * 1.08;
  const wide = PLOT_WIDTH / Math.max(1, values.length);
  const y = (value) => PLOT_HEIGHT - (Math.max(0, value) / top) * PLOT_HEIGHT;
  svg.append(
    draw("line", {
      class: "plot-base",
      x1: 0,
      x2: PLOT_WIDTH,
      y1: PLOT_HEIGHT - 0.25,
      y2: PLOT_HEIGHT - 0.25,
      "vector-effect": "non-scaling-stroke",
    }),
  );
  let line = "";
  values.forEach((value, second) => {
    if (value === null) return;
    const before = second > 0 ? values[second - 1] : null;
    const at = y(value).toFixed(2);
    line += `${before === null ? "M" : "L"}${(second * wide).toFixed(2)} ${at}L${((second + 1) * wide).toFixed(2)} ${at}`;
    svg.append(
      draw("rect", {
        class: "plot-fill",
        x: second * wide,
        width: wide,
        y: at,
        height: Math.max(0, PLOT_HEIGHT - at),
      }),
    );
  });
  svg.append(draw("path", { class: "plot-line", d: line || "M0 0", "vector-effect": "non-scaling-stroke" }));
  return svg;
}
