// Puts the explorer together: the canvas, the panel, the search, the replay, and what is open or closed.

import { Canvas } from "./canvas/canvas.js";
import { Details } from "./details.js";
import { Graph } from "./graph.js";
import { narrate } from "./replay/narration.js";
import { Player } from "./replay/player.js";
import { Stage } from "./replay/stage.js";
import { stateAfter, stepsOf } from "./replay/steps.js";
import { Search } from "./search.js";

const LEGIBLE = 0.45; // the scale below which the titles of boxes are too small

const find = (selector) => document.querySelector(selector);

class Explorer {
  constructor(data) {
    this.graph = new Graph(data);
    this.closed = new Set(this.graph.initiallyClosed);
    this.steps = stepsOf(this.graph);
    this.picked = null;
    this.matches = [];
    this.canvas = new Canvas(find("#canvas"), find("#details"), this.graph, {
      onPick: (box) => this.pick(box),
      onToggle: (cluster) => this.toggle(cluster),
    });
    this.details = new Details(find("#details"), this.graph, { onPick: (box) => this.pick(box, true) });
    this.stage = new Stage(this.canvas, this.graph);
    new Search(find("#search"), find("#matches"), this.graph, {
      onPick: (box) => this.pick(box, true),
      onMatch: (boxes) => this.mark(boxes),
    });
    const controls = { slider: find("#step"), play: find("#play"), back: find("#back"), forward: find("#forward") };
    // After the last step there is one more place, where all is done.
    this.player = new Player(controls, this.steps.length + 1, () => {
      this.showStep();
      this.followStep();
    });
    this.connectButtons();
    this.redraw();
    this.canvas.fit();
    this.closeUntilLegible();
  }

  /** Closes the innermost modules, and those around them, until what is left can be read; the outermost stay open. */
  closeUntilLegible() {
    const { clusters } = this.graph;
    const depthOf = (cluster) => this.graph.around(cluster).length;
    let depth = Math.max(0, ...clusters.map(depthOf));
    for (; depth > 0 && this.canvas.viewport.scale < LEGIBLE; depth--) {
      const innermost = clusters.filter((cluster) => depthOf(cluster) === depth);
      this.close(new Set([...this.closed, ...innermost.map((cluster) => cluster.index)]));
    }
  }

  connectButtons() {
    find("#fit").addEventListener("click", () => {
      this.redraw();
      this.canvas.fit();
    });
    find("#closer").addEventListener("click", () => this.canvas.viewport.zoom(1.3));
    find("#farther").addEventListener("click", () => this.canvas.viewport.zoom(1 / 1.3));
    find("#open-all").addEventListener("click", () => this.close(new Set()));
    const all = this.graph.clusters.map((cluster) => cluster.index);
    find("#close-all").addEventListener("click", () => this.close(new Set(all)));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.repaint());
    addEventListener("resize", () => {
      this.redraw();
      this.canvas.fit();
    });
  }

  redraw(mayTurn = true) {
    this.canvas.draw(this.graph.view(this.closed), mayTurn);
    this.showStep();
    this.showMarks();
  }

  /** Draws the images anew, whose colours do not follow those of the page. */
  repaint() {
    this.canvas.boxes.clear();
    this.redraw(false);
    if (!this.details.element.hidden) this.details.show(this.picked);
  }

  /** Opens a closed cluster, or closes an open one. */
  toggle(cluster) {
    if (!this.closed.delete(cluster.index)) this.closed.add(cluster.index);
    this.redraw(false);
    this.canvas.reveal(cluster);
    this.canvas.focus(cluster);
  }

  close(clusters) {
    this.closed = clusters;
    this.redraw();
    this.canvas.fit();
  }

  /** Shows what is known of a box and, if asked to, opens what it is in and brings it into view. */
  pick(box, isSought = false) {
    this.picked = box;
    this.details.show(box);
    if (isSought) {
      const around = this.graph.around(box).filter((cluster) => this.closed.delete(cluster.index));
      if (around.length) this.redraw(false);
    }
    if (this.canvas.boxes.has(box.key)) this.canvas.reveal(box);
    this.showMarks();
  }

  mark(boxes) {
    this.matches = boxes;
    this.showMarks();
  }

  showMarks() {
    const { standsFor } = this.canvas.view;
    const matching = new Set(this.matches.map((box) => standsFor[box.index]?.key));
    const picked = this.picked && standsFor[this.picked.index]?.key;
    for (const [key, { element }] of this.canvas.boxes) {
      element.classList.toggle("match", matching.has(key));
      element.classList.toggle("picked", key === picked);
    }
    this.canvas.canvas.classList.toggle("searching", this.matches.length > 0);
  }

  showStep() {
    const { place } = this.player;
    this.stage.show(stateAfter(this.graph, this.steps, place), this.steps[place - 1]);
    const text = narrate(this.graph, this.steps, place);
    find("#replay").dataset.phase = text.phase;
    for (const part of ["phase", "count", "title", "formula", "result"]) find(`#step-${part}`).textContent = text[part];
    find("#step").setAttribute("aria-valuetext", `${text.phase} ${text.count}: ${text.title}`);
  }

  /** Brings what happens now into view. */
  followStep() {
    const step = this.steps[this.player.place - 1];
    const node = step && this.stage.nodeOf(step);
    if (node) this.canvas.reveal(node);
  }
}

window.explorer = new Explorer(JSON.parse(find("#graph").textContent));
