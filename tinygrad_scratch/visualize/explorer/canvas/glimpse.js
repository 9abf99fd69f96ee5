// Arrays at a glance: a few values as coloured cells, many as images or a histogram.

import { svg } from "../dom.js";
import { drawn } from "../images.js";
import { finite, short } from "../numbers.js";

const WIDTH = 56;
const HEIGHT = 26;
const LARGEST_CELL = 13;
const IMAGE_GAP = 2;
const SMALL_IMAGE = 12; // pixels high: of such, there are two rows
const SMALLEST_CELL = 3; // smaller ones would not be seen; then it is a histogram, too

/** A little picture of an array's summary; `kind` is "value" or "gradient". */
export function glimpse(summary, kind) {
  const content = cells(summary) ?? images(summary, kind) ?? [histogram(summary.histogram, WIDTH, HEIGHT)];
  const label = `${kind}: ${summary.values?.length === 1 ? short(summary.values[0]) : describe(summary)}`;
  const alarm = summary.nans || summary.infinities ? " alarm" : "";
  return svg("g", { class: `glimpse ${kind}${alarm}` }, svg("title", {}, label), ...content);
}

export const glimpseSize = { width: WIDTH, height: HEIGHT };

/** A histogram as one path, the highest bin as high as `height`. */
export function histogram(counts, width, height) {
  const highest = Math.max(1, ...counts);
  const step = width / Math.max(1, counts.length);
  const bars = counts.map((count, i) => {
    const bar = count && Math.max(1, (count / highest) * height);
    return `M${(i * step).toFixed(2)} ${height}v${(-bar).toFixed(2)}h${(step * 0.86).toFixed(2)}V${height}z`;
  });
  return svg("path", { class: "histogram", d: bars.join("") });
}

/** Cells in rows and columns as the array has them, the colour stronger the further from zero. */
function cells({ shape, values }) {
  if (!values) return null;
  const columns = shape.length ? shape.at(-1) : 1;
  const rows = values.length / (columns || 1);
  const size = Math.min(LARGEST_CELL, WIDTH / Math.max(columns, 1), HEIGHT / Math.max(rows, 1));
  const largest = Math.max(...finite(values).map(Math.abs), Number.MIN_VALUE);
  if (size < SMALLEST_CELL) return null;
  const left = (WIDTH - size * columns) / 2;
  const top = (HEIGHT - size * rows) / 2;
  return values.map((value, i) =>
    svg("rect", {
      class: cellClass(value),
      x: (left + (i % columns) * size).toFixed(2),
      y: (top + Math.floor(i / columns) * size).toFixed(2),
      width: (size * 0.92).toFixed(2),
      height: (size * 0.92).toFixed(2),
      rx: size > 8 ? 2 : 0.5,
      "fill-opacity": strength(value, largest).toFixed(2),
    }),
  );
}

/** As many of the array's images as there is room for. */
function images({ images }, kind) {
  if (!images) return null;
  const rows = images.height <= SMALL_IMAGE && images.width <= SMALL_IMAGE ? 2 : 1;
  const scale = Math.min(WIDTH / images.width, (HEIGHT - IMAGE_GAP * (rows - 1)) / rows / images.height);
  const [width, height] = [images.width * scale, images.height * scale];
  const columns = Math.floor((WIDTH + IMAGE_GAP) / (width + IMAGE_GAP));
  const canvases = drawn(images, kind, rows * columns);
  const left = (WIDTH - Math.min(columns, canvases.length) * (width + IMAGE_GAP) + IMAGE_GAP) / 2;
  return canvases.map((canvas, i) => {
    const x = left + (i % columns) * (width + IMAGE_GAP);
    const y = Math.floor(i / columns) * (height + IMAGE_GAP);
    return svg("image", { href: canvas.toDataURL(), x: x.toFixed(2), y: y.toFixed(2), width, height });
  });
}

/** How strong the colour of a value is, from 0 to 1. */
export function strength(value, largest) {
  return typeof value === "number" ? 0.12 + 0.88 * Math.min(1, Math.abs(value) / largest) : 1;
}

export function cellClass(value) {
  if (typeof value === "string") return "cell not-finite";
  return Number(value) < 0 ? "cell negative" : "cell positive";
}

function describe({ minimum, maximum, mean }) {
  return `${short(minimum)} … ${short(maximum)}, mean ${short(mean)}`;
}
