// One node of the picture: its outline, its text, and glimpses of its value and gradient.

import { svg, textWidth } from "../dom.js";
import { short } from "../numbers.js";
import { glimpse, glimpseSize } from "./glimpse.js";
import { CAP, outlineOf, TAB } from "./outline.js";

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif";
const TITLE_FONT = `600 13px ${FONT}`;
const LINE_FONT = `11px ${FONT}`;
const TITLE_LINE = 18;
const LINE = 14;
const PADDING = 7; // above and below the text
const MARGINS = { parameter: 14, input: 20, output: 22, constant: 16, operation: 14, module: 24 }; // left and right of it
const NUMBER_WIDTH = 96; // of a number with its name
const GLIMPSE_GAP = 8;

/** What a node is: the role of a box, or "module" if it is a closed cluster. */
export const roleOf = (node) => node.role ?? "module";

/** The width and height that a node needs, or the title of an open cluster. */
export function sizeOf(node) {
  const role = roleOf(node);
  const widths = [textWidth(node.title, TITLE_FONT), ...node.lines.map((line) => textWidth(line, LINE_FONT))];
  let height = TITLE_LINE + LINE * node.lines.length + 2 * PADDING;
  if (role === "parameter") height += 2 * CAP;
  if (role === "module") height += TAB;
  const kinds = glimpsesOf(node);
  if (kinds.length) {
    widths.push(isNumber(node) ? NUMBER_WIDTH : (glimpseSize.width + GLIMPSE_GAP) * kinds.length - GLIMPSE_GAP);
    height += (isNumber(node) ? LINE * kinds.length : glimpseSize.height) + 6;
  }
  return { width: Math.round(Math.max(36, ...widths)) + 2 * MARGINS[role], height };
}

function glimpsesOf(node) {
  if (!node.hasGlimpses) return [];
  return node.wantsGradient ? ["value", "gradient"] : ["value"];
}

const isNumber = (node) => node.value?.values?.length === 1;

/** The figure of a node on the canvas. */
export class Box {
  constructor(node, { width, height }) {
    this.node = node;
    this.width = width;
    this.role = roleOf(node);
    this.figures = {};
    this.shown = new Map();
    const top = PADDING + (this.role === "parameter" ? 2 * CAP : this.role === "module" ? TAB : 0);
    const named = { "aria-label": this.label(), "data-key": node.key };
    this.element = svg("g", { class: `box ${this.role}`, tabindex: 0, role: "button", ...named });
    const { outline, lines } = outlineOf(this.role, width, height);
    this.element.append(svg("path", { class: "outline", d: outline }));
    if (lines) this.element.append(svg("path", { class: "outline lines", d: lines }));
    if (this.role === "module") {
      this.element.setAttribute("aria-expanded", "false");
      this.element.append(svg("path", { class: "sign", d: `M${width - 18} ${top + 7}h8m-4 -4v8` }));
    }
    this.write(node.title, "title", top + TITLE_LINE - 5);
    node.lines.forEach((line, i) => this.write(line, "line", top + TITLE_LINE + LINE * (i + 1) - 4));
    this.glimpseTop = top + TITLE_LINE + LINE * node.lines.length + 4;
    for (const kind of glimpsesOf(node)) this.show(kind, node[kind]);
  }

  label() {
    const hint = this.role === "module" ? ["closed; open it"] : [];
    return [this.role, this.node.title, ...this.node.lines, ...hint].join(", ");
  }

  write(text, style, y) {
    this.element.append(svg("text", { class: style, x: this.width / 2, y }, text));
  }

  /** Shows what is known of the "value" or "gradient" by now; nothing if `summary` is null. */
  show(kind, summary) {
    const kinds = glimpsesOf(this.node);
    const place = kinds.indexOf(kind);
    if (place < 0 || this.shown.get(kind) === summary) return;
    this.shown.set(kind, summary);
    this.figures[kind]?.remove();
    const figure = isNumber(this.node)
      ? this.number(kind, summary, place)
      : this.picture(kind, summary, place, kinds.length);
    if (figure) this.element.append(figure);
    this.figures[kind] = figure;
  }

  number(kind, summary, place) {
    const y = this.glimpseTop + LINE * (place + 1) - 4;
    const left = (this.width - NUMBER_WIDTH) / 2;
    const text = summary ? short(summary.values[0]) : "–";
    const alarm = summary?.nans || summary?.infinities ? " alarm" : "";
    return svg(
      "g",
      { class: `number ${kind}` },
      svg("text", { class: "name", x: left, y }, kind === "value" ? "data" : "grad"),
      svg("text", { class: `amount${alarm}`, x: left + 30, y }, text),
    );
  }

  picture(kind, summary, place, count) {
    if (!summary) return null;
    const left = this.width / 2 - ((glimpseSize.width + GLIMPSE_GAP) * count - GLIMPSE_GAP) / 2;
    const figure = glimpse(summary, kind);
    figure.setAttribute("transform", `translate(${left + place * (glimpseSize.width + GLIMPSE_GAP)} ${this.glimpseTop})`);
    return figure;
  }

  /** A few characters at the upper right corner: how many parts of a gradient have come. */
  badge(text) {
    if (text === this.badgeText) return;
    this.badgeText = text;
    this.badgeElement?.remove();
    this.badgeElement = null;
    if (!text) return;
    this.badgeElement = svg(
      "g",
      { class: "badge", transform: `translate(${this.width - 4} 4)` },
      svg("rect", { x: -15, y: -9, width: 30, height: 18, rx: 9 }),
      svg("text", { y: 4 }, text),
    );
    this.element.append(this.badgeElement);
  }
}
