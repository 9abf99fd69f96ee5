// The graph as Python wrote it, and what there is to see of it when some modules are closed.

import { groupBy } from "./groups.js";
import { distributionOf } from "./numbers.js";

// What Python leaves out because it is empty.
const CLUSTER = { path: "", cluster: null, lines: [] };
const BOX = {
  lines: [], dtype: "", cluster: null, side: null, name: "", settings: "", saved: [], isFreed: false, origin: "",
  value: null, valueNote: "", gradient: null, gradientNote: "", wantsGradient: false, hasGlimpses: false,
};
const EDGE = { input: "", carries: "", rule: null, given: null, total: null };
const SUMMARY = { shape: [], values: null, images: null, histogram: [], nans: 0, infinities: 0 };

/** A summary with all that Python left out. Where all values are there, their distribution follows from them. */
function completed(summary) {
  return summary && { ...SUMMARY, ...(summary.values && distributionOf(summary.values)), ...summary };
}

/** Boxes, edges and clusters, which refer to each other by their places in the lists. */
export class Graph {
  constructor(data) {
    this.initiallyClosed = new Set(data.closed);
    this.clusters = data.clusters.map((cluster, index) => ({ ...CLUSTER, ...cluster, index, key: `cluster-${index}` }));
    this.boxes = data.boxes.map((box, index) => ({ ...BOX, ...box, index, key: `box-${index}` }));
    this.edges = data.edges.map((edge, index) => ({ ...EDGE, ...edge, index, key: `edge-${index}` }));
    for (const box of this.boxes) [box.value, box.gradient] = [completed(box.value), completed(box.gradient)];
    for (const edge of this.edges) {
      edge.total = completed(edge.total);
      edge.given = completed(edge.given) ?? edge.total;
    }
    this.users = this.boxes.map(() => []);
    for (const edge of this.edges) this.users[edge.source].push(edge.target);
  }

  /** The clusters around a box or cluster, from the inside out. */
  around(part) {
    const found = [];
    for (let i = part.cluster; i !== null; i = this.clusters[i].cluster) found.push(this.clusters[i]);
    return found;
  }

  /** The edges into a box, in the order of its inputs. */
  inputsOf(box) {
    return this.edges.filter((edge) => edge.target === box.index);
  }

  /**
   * What is seen while the clusters in `closed` (a Set of places) are closed: `nodes`, which are boxes or closed
   * clusters, the `edges` between them, and the open `clusters`. `standsFor` gives the node that a box is part of, or
   * undefined if it is hidden: a parameter or constant that is only used inside of closed clusters.
   */
  view(closed) {
    const standsFor = this.boxes.map((box) => this.outermostClosed(box, closed) ?? box);
    for (const box of this.boxes) {
      const users = this.users[box.index];
      const isSmall = box.role === "parameter" || box.role === "constant";
      const isInside = users.length && users.every((user) => standsFor[user] !== this.boxes[user]);
      if (standsFor[box.index] === box && isSmall && isInside) standsFor[box.index] = undefined;
    }
    const nodes = [...new Set(standsFor.filter((node) => node !== undefined))];
    const isOpen = (cluster) => !closed.has(cluster.index) && !this.outermostClosed(cluster, closed);
    const clusters = this.clusters.filter(isOpen);
    return { nodes, clusters, edges: this.edgesBetween(standsFor), standsFor };
  }

  outermostClosed(part, closed) {
    return this.around(part).findLast((cluster) => closed.has(cluster.index));
  }

  /** The edges that are seen, each with all edges of the graph that it stands for. */
  edgesBetween(standsFor) {
    const seen = new Map();
    for (const edge of this.edges) {
      const source = standsFor[edge.source];
      const target = standsFor[edge.target];
      if (source === undefined || target === undefined || source === target) continue;
      const isWhole = source.role !== undefined && target.role !== undefined;
      const key = isWhole ? edge.key : `${source.key}→${target.key}`;
      if (!seen.has(key)) seen.set(key, { key, source, target, edges: [] });
      seen.get(key).edges.push(edge);
    }
    return withTwins([...seen.values()]);
  }
}

/** The edges, each with `twin`, how far it is from the middle of those between the same two nodes. */
function withTwins(edges) {
  const groups = groupBy(edges, (edge) => `${edge.source.key} ${edge.target.key}`);
  for (const group of groups.values()) group.forEach((edge, i) => (edge.twin = i - (group.length - 1) / 2));
  return edges;
}
