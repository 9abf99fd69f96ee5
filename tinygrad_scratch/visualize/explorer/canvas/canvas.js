// The picture: boxes, edges and the frames of clusters, drawn where the layout puts them.

import { svg } from "../dom.js";
import { layOut } from "../layout/layout.js";
import { Box, sizeOf } from "./box.js";
import { pathOf } from "./path.js";
import { Viewport } from "./viewport.js";

/**
 * Draws views of a graph into the SVG element `canvas`, which `panel` may cover in part; `onPick(box)` and
 * `onToggle(cluster)` are told of clicks.
 */
export class Canvas {
  constructor(canvas, panel, graph, { onPick, onToggle }) {
    this.canvas = canvas;
    this.graph = graph;
    this.onPick = onPick;
    this.onToggle = onToggle;
    const layers = ["frames", "edges", "handles", "boxes", "marks"];
    this.layers = Object.fromEntries(layers.map((name) => [name, svg("g", { class: name })]));
    this.world = svg("g", { class: "world" }, ...Object.values(this.layers));
    canvas.append(arrowheads(), this.world);
    this.viewport = new Viewport(canvas, this.world, panel);
    this.boxes = new Map();
    canvas.addEventListener("click", (event) => this.activate(event));
    canvas.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.activate(event);
    });
  }

  /** Draws a view, in the direction that it had before or in the better one; what stays glides to its new place. */
  draw(view, mayTurn = true) {
    const sizes = new Map([...view.nodes, ...view.clusters].map((part) => [part, sizeOf(part)]));
    this.view = view;
    const directions = mayTurn ? [false, true] : [this.layout.isHorizontal];
    const layouts = directions.map((isHorizontal) => layOut(this.graph, view, (part) => sizes.get(part), isHorizontal));
    layouts.sort((a, b) => this.viewport.scaleToFit(b) - this.viewport.scaleToFit(a));
    this.layout = layouts[0];
    const before = this.boxes;
    this.boxes = new Map(view.nodes.map((node) => [node.key, before.get(node.key) ?? new Box(node, sizes.get(node))]));
    for (const [key, { element }] of this.boxes) {
      const { x, y } = this.layout.places.get(key);
      element.style.transform = `translate(${x}px, ${y}px)`;
    }
    this.layers.boxes.replaceChildren(...[...this.boxes.values()].map((box) => box.element));
    this.layers.frames.replaceChildren(...view.clusters.map((cluster) => this.frame(cluster)));
    this.layers.handles.replaceChildren(...view.clusters.map((cluster) => this.handle(cluster)));
    this.edges = new Map(view.edges.map((edge) => [edge, this.edge(edge)]));
    this.layers.edges.replaceChildren(...this.edges.values());
    this.layers.marks.replaceChildren();
  }

  fit() {
    this.viewport.fit(this.layout);
  }

  reveal(node) {
    this.viewport.reveal(this.layout.places.get(node.key));
  }

  /** Puts the keyboard's focus on a cluster: on its box if it is closed, on its handle if it is open. */
  focus(cluster) {
    const element = this.canvas.querySelector(`[data-key=${cluster.key}]`);
    element?.focus({ preventScroll: true });
  }

  frame(cluster) {
    const { x, y, width, height } = this.layout.places.get(cluster.key);
    return svg("rect", { class: `frame ${this.shade(cluster)}`, x, y, width, height, rx: 10 });
  }

  /** The title of an open cluster, which closes it. */
  handle(cluster) {
    const { x, y, width } = this.layout.places.get(cluster.key);
    const label = `${cluster.title}, open; close it`;
    return svg(
      "g",
      {
        class: `handle ${this.shade(cluster)}`,
        transform: `translate(${x} ${y})`,
        "data-key": cluster.key,
        role: "button",
        tabindex: 0,
        "aria-expanded": "true",
        "aria-label": label,
      },
      svg("rect", { class: "area", width: Math.min(width, sizeOf(cluster).width), height: 26 }),
      svg("path", { class: "sign", d: "M12 11l4 4 4-4" }),
      svg("text", { x: 27, y: 18 }, cluster.title),
    );
  }

  /** Clusters inside of each other take turns with two shades. */
  shade(cluster) {
    return this.graph.around(cluster).length % 2 ? "odd" : "even";
  }

  pathOf(edge) {
    return pathOf(this.layout.edges.get(edge.key), this.layout.isHorizontal);
  }

  edge(edge) {
    const path = this.pathOf(edge);
    const label = edge.edges.map((part) => part.carries).filter((text, i, all) => all.indexOf(text) === i).join(", ");
    return svg("path", { class: "edge", d: path, "marker-end": "url(#arrow)" }, svg("title", {}, label));
  }

  activate(event) {
    if (event.type === "click" && this.viewport.wasDragged) return;
    const element = event.target.closest("[data-key]");
    if (!element) return;
    const key = element.dataset.key;
    const cluster = this.graph.clusters.find((cluster) => cluster.key === key);
    if (cluster) this.onToggle(cluster);
    else this.onPick(this.graph.boxes.find((box) => box.key === key));
  }
}

function arrowheads() {
  const size = { viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, markerUnits: "userSpaceOnUse" };
  const arrowhead = (id) =>
    svg("marker", { id, ...size, orient: "auto-start-reverse" }, svg("path", { d: "M0 0.5L8 4L0 7.5Z" }));
  return svg("defs", {}, ...["arrow", "arrow-now", "arrow-gradient"].map(arrowhead));
}
