// All that is known of one box.

import { html, svg } from "./dom.js";
import { cellClass, histogram, strength } from "./canvas/glimpse.js";
import { imageGrid } from "./images.js";
import { bytes, finite, short } from "./numbers.js";

const HISTOGRAM = { width: 280, height: 64 };

/** Fills the panel `element` with what is known of a box. */
export class Details {
  constructor(element, graph, { onPick }) {
    this.element = element;
    this.graph = graph;
    this.onPick = onPick;
    element.querySelector(".close").addEventListener("click", () => this.close());
  }

  close() {
    this.element.hidden = true;
  }

  show(box) {
    const content = [
      html("p", { class: `role ${box.role}` }, box.role),
      html("h2", {}, box.title),
      this.facts(box),
      this.rules(box),
      this.numbers("Value", "value", box.value, box.valueNote),
      box.wantsGradient ? this.numbers("Gradient", "gradient", box.gradient, box.gradientNote) : null,
    ];
    this.element.querySelector(".content").replaceChildren(...content.filter(Boolean));
    this.element.hidden = false;
    this.element.scrollTop = 0;
  }

  facts(box) {
    const path = this.graph.around(box).map((cluster) => cluster.title).reverse().join(" › ");
    const rows = [
      ["name", box.name],
      ["module", path],
      ["shape", box.shape],
      ["dtype", box.dtype],
      ["settings", box.settings],
      ["line", box.origin],
      ["keeps", this.saved(box)],
    ];
    const known = rows.filter(([, text]) => text);
    return html("dl", {}, ...known.flatMap(([name, text]) => [html("dt", {}, name), html("dd", { class: name }, text)]));
  }

  /** What the rules keep, and how much memory that is. */
  saved({ saved, isFreed }) {
    if (!saved.length) return "";
    const total = bytes(saved.reduce((sum, array) => sum + array.bytes, 0));
    const names = saved.map((array) => `${array.name} ${array.shape}`).join(", ");
    return isFreed ? `freed by the backward pass; it was ${names}, ${total}` : `${names}, ${total}`;
  }

  /** The inputs of an operation, and the rules that give their gradients. */
  rules(box) {
    const edges = box.role === "operation" ? this.graph.inputsOf(box) : [];
    if (!edges.length) return null;
    const hint = edges.some((edge) => edge.rule) ? "g is the gradient of the result, y the result" : "";
    const rows = edges.map((edge) => {
      const source = this.graph.boxes[edge.source];
      const pick = html("button", { type: "button", class: "link" }, source.title);
      pick.addEventListener("click", () => this.onPick(source));
      const rule = edge.rule === null ? html("span", { class: "none" }, "no gradient") : html("code", {}, edge.rule || "?");
      return html("tr", {}, html("th", { scope: "row" }, edge.input), html("td", {}, pick), html("td", {}, rule));
    });
    return html(
      "section",
      { class: "rules" },
      html("h3", {}, "Inputs and rules"),
      html("table", {}, html("tbody", {}, ...rows)),
      hint ? html("p", { class: "hint" }, hint) : null,
    );
  }

  numbers(title, kind, summary, note) {
    if (!summary && !note) return null;
    const heading = html("h3", {}, title);
    if (!summary) return html("section", { class: kind }, heading, html("p", { class: "hint" }, note));
    const counts = [[summary.nans, "NaN"], [summary.infinities, "infinite"]].filter(([count]) => count);
    const alarm = counts.map(([count, what]) => `${count} ${what}`);
    return html(
      "section",
      { class: kind },
      heading,
      alarm.length ? html("p", { class: "alarm" }, `⚠ ${alarm.join(", ")}`) : null,
      summary.values ? valuesTable(summary) : null,
      summary.images ? imageGrid(summary.images, kind) : null,
      summary.values?.length === 1 ? null : distribution(summary),
    );
  }
}

/** The values in rows and columns, on colours that say how far each is from zero. */
function valuesTable({ shape, values }) {
  const columns = Math.max(1, shape.length ? shape.at(-1) : 1);
  const largest = Math.max(...finite(values).map(Math.abs), Number.MIN_VALUE);
  const cell = (value) => {
    const style = `--strength: ${strength(value, largest).toFixed(2)}`;
    return html("td", { class: cellClass(value), style, title: value, "data-value": value }, short(value));
  };
  const rows = Array.from({ length: values.length / columns }, (_, row) =>
    html("tr", {}, ...values.slice(row * columns, (row + 1) * columns).map(cell)),
  );
  return html("div", { class: "values" }, html("table", {}, html("tbody", {}, ...rows)));
}

function distribution(summary) {
  const { width, height } = HISTOGRAM;
  const facts = [["min", summary.minimum], ["mean", summary.mean], ["std", summary.std], ["max", summary.maximum]];
  const look = { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", role: "img", "aria-label": "histogram" };
  const picture = svg("svg", look, histogram(summary.histogram, width, height));
  return html(
    "div",
    { class: "distribution" },
    summary.histogram.length ? picture : null,
    html("dl", {}, ...facts.flatMap(([name, value]) => [html("dt", {}, name), html("dd", {}, short(value))])),
  );
}
