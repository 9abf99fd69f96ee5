// Arrays as images: a canvas for each, with a pixel for each value.

import { html } from "./dom.js";
import { short } from "./numbers.js";

const STRONGEST = 127; // the pixel of the largest value
const NOT_FINITE = -128;

/** The images of a summary in rows, and what they show; `kind` is "value" or "gradient". */
export function imageGrid(images, kind) {
  const canvases = drawn(images, kind);
  const hint = `${images.index}: ${canvases.length > 1 ? `${canvases.length} × ` : ""}${images.height} × ${images.width}`;
  return html(
    "figure",
    { class: "images" },
    html("div", { style: `--columns: ${images.columns}` }, ...canvases),
    html("figcaption", { class: "hint" }, `${hint}; the strongest colour is ±${short(images.strongest)}`),
  );
}

/** A canvas for each of the first `most` images, in the page's colours for values or gradients above and below zero. */
export function drawn({ height, width, pixels }, kind, most = Infinity) {
  const shares = Int8Array.from(atob(pixels), (character) => character.charCodeAt(0));
  const colours = coloursOf(kind);
  const size = height * width;
  return Array.from({ length: Math.min(most, shares.length / size) }, (_, i) => {
    const canvas = html("canvas", { height, width });
    const context = canvas.getContext("2d");
    const image = context.createImageData(width, height);
    shares.subarray(i * size, (i + 1) * size).forEach((share, at) => image.data.set(colourOf(share, colours), at * 4));
    context.putImageData(image, 0, 0);
    return canvas;
  });
}

/** Weak values are given more colour than their share, or one large value would leave nothing to see of the others. */
function colourOf(share, { positive, negative, alarm }) {
  if (share === NOT_FINITE) return [...alarm, 255];
  return [...(share < 0 ? negative : positive), Math.sqrt(Math.abs(share) / STRONGEST) * 255];
}

function coloursOf(kind) {
  const style = getComputedStyle(document.documentElement);
  const parsed = (name) => {
    const hex = style.getPropertyValue(name).trim();
    return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  };
  const [positive, negative] = kind === "value" ? ["--positive", "--negative"] : ["--gradient", "--gradient-negative"];
  return { positive: parsed(positive), negative: parsed(negative), alarm: parsed("--alarm") };
}
