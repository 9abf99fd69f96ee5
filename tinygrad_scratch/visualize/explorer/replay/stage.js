// The replay on the canvas: what has run is lit, and what happens now stands out.

import { svg } from "../dom.js";

const LONGEST_RULE = 30; // characters, on a plate

/** Shows on `canvas` the state of a graph after some steps; `step` is the last of them. */
export class Stage {
  constructor(canvas, graph) {
    this.canvas = canvas;
    this.graph = graph;
  }

  /** `step` is undefined before the first and after the last. */
  show(state, step) {
    const now = step && this.nodeOf(step);
    this.canvas.canvas.dataset.phase = step?.phase ?? "";
    for (const box of this.canvas.boxes.values()) this.showBox(box, state, now);
    for (const [edge, element] of this.canvas.edges) {
      const isReached = edge.edges.some((part) => state.computed.has(part.target));
      element.classList.toggle("waiting", !isReached);
    }
    this.canvas.layers.marks.replaceChildren(...(step ? this.marks(step) : []));
  }

  /** The node that a step happens at: what runs, or what the gradient comes to, or the closed module that has both. */
  nodeOf(step) {
    const { standsFor } = this.canvas.view;
    return step.kind === "rule" ? (standsFor[step.edge.source] ?? standsFor[step.edge.target]) : standsFor[step.box.index];
  }

  showBox(box, { computed, gradients }, now) {
    const { node } = box;
    const inside = node.role ? [node.index] : this.inside(node);
    const isComputed = inside.every((index) => computed.has(index));
    const gradient = node.role ? gradients.get(node.index) : undefined;
    box.element.classList.toggle("waiting", !isComputed);
    box.element.classList.toggle("now", node === now);
    if (!node.role) return;
    box.show("value", isComputed ? node.value : null);
    const isComplete = gradient && gradient.part === gradient.parts;
    box.show("gradient", (isComplete ? node.gradient : gradient?.total) ?? null);
    box.badge(gradient && gradient.parts > 1 ? `${gradient.part}/${gradient.parts}` : "");
  }

  /** The operations inside a closed cluster. */
  inside(cluster) {
    cluster.operations ??= this.graph.boxes
      .filter((box) => box.role === "operation" && this.graph.around(box).includes(cluster))
      .map((box) => box.index);
    return cluster.operations;
  }

  marks(step) {
    if (step.kind === "compute") return this.waysInto(step.box);
    if (step.kind === "rule") return this.wayBack(step.edge);
    return [];
  }

  waysInto(box) {
    return this.drawn((part) => part.target === box.index).map(([edge]) =>
      svg("path", { class: "way forward", d: this.canvas.pathOf(edge), "marker-end": "url(#arrow-now)" }),
    );
  }

  /** The way of a gradient, with the rule that it comes from. */
  wayBack(part) {
    return this.drawn((other) => other === part).flatMap(([edge]) => {
      const d = this.canvas.pathOf(edge);
      const path = svg("path", { class: "way backward", d, "marker-start": "url(#arrow-gradient)" });
      return part.rule ? [path, plate(path, part.rule)] : [path];
    });
  }

  drawn(isMeant) {
    return [...this.canvas.edges].filter(([edge]) => edge.edges.some(isMeant));
  }
}

/** A text on a plate in the middle of a path. */
function plate(path, text) {
  const middle = path.getPointAtLength(path.getTotalLength() / 2);
  const shown = text.length > LONGEST_RULE ? `${text.slice(0, LONGEST_RULE - 1)}…` : text;
  const width = shown.length * 6.7 + 14;
  return svg(
    "g",
    { class: "rule", transform: `translate(${middle.x} ${middle.y})` },
    svg("rect", { x: -width / 2, y: -10, width, height: 20, rx: 10 }),
    svg("text", { y: 4 }, shown),
  );
}
