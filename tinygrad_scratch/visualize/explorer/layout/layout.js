// Where everything stands. Every cluster is laid out by itself, inner ones first, and then is one item of the cluster
// around it. An edge that crosses borders is divided there, at ports: items at the top and bottom of a cluster.

import { Sheet } from "./sheet.js";

const PADDING = 13;
const TITLE_HEIGHT = 20;
const NO_ROOM = { left: 0, top: 0, width: 0, height: 0 };
const LAYER_GAPS = [40, 60]; // in a vertical and in a horizontal layout, where rules need more room between boxes
const SIDE_GAP = 30; // between a box and those at its sides
const TWIN_GAP = 14; // between several edges from one box to another

/**
 * Lays out a view of a graph, from top to bottom or, if it is to be horizontal, from left to right. `sizeOf(part)` gives
 * the width and height of a node, or of a cluster's title. The result has, by key, a rectangle for every node and cluster
 * and the points that each edge goes through, and the size of the whole.
 */
export function layOut(graph, view, sizeOf, isHorizontal) {
  const sizeAlong = (node) => (isHorizontal ? turned(sizeOf(node)) : sizeOf(node));
  const layout = new Layout(graph, view, sizeAlong, LAYER_GAPS[isHorizontal ? 1 : 0]);
  const result = layout.result((cluster) => room(sizeOf(cluster), isHorizontal));
  return { ...(isHorizontal ? transposed(result) : result), isHorizontal };
}

/**
 * The space that a cluster needs for its title, in the directions in which it is laid out. In a vertical layout the title
 * has the left half: lines from above come through the middle.
 */
function room({ width }, isHorizontal) {
  if (isHorizontal) return { left: TITLE_HEIGHT, top: 0, width: 0, height: width };
  return { left: 0, top: TITLE_HEIGHT, width: 2 * width, height: 0 };
}

// A horizontal layout is a vertical one of things that are turned, turned back.
const turned = ({ width, height }) => ({ width: height, height: width });

function transposed({ places, edges, width, height }) {
  const swap = (point) => ({ ...point, x: point.y, y: point.x });
  return {
    places: new Map([...places].map(([key, place]) => [key, { ...swap(place), ...turned(place) }])),
    edges: new Map([...edges].map(([key, points]) => [key, points.map(swap)])),
    ...turned({ width, height }),
  };
}

class Layout {
  constructor(graph, view, sizeOf, layerGap) {
    this.graph = graph;
    this.view = view;
    this.sizeOf = sizeOf;
    this.rows = this.makeRows();
    const groups = [null, ...view.clusters].map((cluster) => [cluster?.index ?? null, new Group(cluster, layerGap)]);
    this.groups = new Map(groups);
    for (const row of new Set(this.rows.values())) this.groups.get(row.node.cluster).parts.push(row);
    for (const cluster of view.clusters) this.groups.get(cluster.cluster).parts.push(this.groups.get(cluster.index));
  }

  /** For each node the row that it stands in: itself in the middle, or another one that it stands at the side of. */
  makeRows() {
    const rows = new Map(this.view.nodes.map((node) => [node, new Row(node)]));
    for (const node of this.view.nodes) {
      const main = node.side && this.graph.boxes[node.side.of];
      if (main && this.view.standsFor[main.index] === main) {
        rows.get(main).sides[node.side.at].push(node);
        rows.set(node, rows.get(main));
      }
    }
    for (const row of rows.values()) row.arrange(this.sizeOf);
    return rows;
  }

  result(roomFor) {
    const routes = new Map(this.view.edges.map((edge) => [edge, this.route(edge)]));
    const outerFirst = [...this.groups.values()].sort((a, b) => this.depth(a) - this.depth(b));
    for (const group of outerFirst.toReversed()) group.arrange(group.cluster ? roomFor(group.cluster) : NO_ROOM);
    const [root] = outerFirst;
    root.x = root.y = 0;
    for (const group of outerFirst) group.place();
    const places = new Map();
    for (const row of new Set(this.rows.values())) row.place(places, this.sizeOf);
    for (const { cluster, x, y, width, height } of outerFirst.slice(1)) places.set(cluster.key, { x, y, width, height });
    const edges = new Map();
    for (const [edge, route] of routes) edges.set(edge.key, route ? joined(route, places, edge) : across(places, edge));
    return { places, edges, width: root.width, height: root.height };
  }

  depth(group) {
    return group.cluster ? this.graph.around(group.cluster).length + 1 : 0;
  }

  /** The links that an edge is made of, from its source up to the group that has both ends, and down to its target. */
  route(edge) {
    const [from, to] = [this.rows.get(edge.source), this.rows.get(edge.target)];
    if (from === to) return null;
    const name = `${edge.source.key} ${edge.twin}`;
    const shift = edge.twin * TWIN_GAP;
    const up = this.groupsAround(edge.source);
    const down = this.groupsAround(edge.target);
    const common = up.find((group) => down.includes(group));
    const route = [];
    let part = from;
    for (const group of up.slice(0, up.indexOf(common))) {
      route.push(group.link(part, group.port("bottom", name), name, shift));
      part = group;
    }
    const inner = down.slice(0, down.indexOf(common)).reverse();
    route.push(common.link(part, inner[0] ?? to, name, shift));
    inner.forEach((group, i) => route.push(group.link(group.port("top", name), inner[i + 1] ?? to, name, shift)));
    return route;
  }

  groupsAround(node) {
    return [...this.graph.around(node).map((cluster) => this.groups.get(cluster.index)), this.groups.get(null)];
  }
}

/** A node and those at its sides. */
class Row {
  sides = { left: [], right: [] };

  constructor(node) {
    this.node = node;
  }

  arrange(sizeOf) {
    const members = [...this.sides.left.toReversed(), this.node, ...this.sides.right];
    this.height = Math.max(...members.map((node) => sizeOf(node).height));
    this.offsets = new Map();
    let x = 0;
    for (const node of members) {
      this.offsets.set(node, x);
      x += sizeOf(node).width + SIDE_GAP;
    }
    this.width = x - SIDE_GAP;
    this.middle = this.offsets.get(this.node) + sizeOf(this.node).width / 2;
  }

  attachment() {
    return this.middle;
  }

  place(places, sizeOf) {
    for (const [node, offset] of this.offsets) {
      const { width, height } = sizeOf(node);
      places.set(node.key, { x: this.x + offset, y: this.y + (this.height - height) / 2, width, height });
    }
  }
}

/** A cluster, or the space around all of them: rows and other groups, and links between them. */
class Group {
  parts = [];
  ports = new Map();
  links = new Map();

  constructor(cluster, layerGap) {
    this.layerGap = layerGap;
    this.cluster = cluster;
    this.padding = cluster ? PADDING : 0;
  }

  /** Where edges of one name enter the group ("top") or leave it ("bottom"). */
  port(border, name) {
    const key = `${border} ${name}`;
    if (!this.ports.has(key)) this.ports.set(key, { border, width: 0, height: 0, attachment: () => 0 });
    return this.ports.get(key);
  }

  /** The link of that name between two parts or ports, the same for all edges that have a piece of their way in common. */
  link(from, to, name, shift) {
    for (const link of this.links.get(from) ?? []) {
      if (link.to === to && link.name === name) return link;
    }
    const link = { group: this, from, to, name, shift };
    this.links.set(from, [...(this.links.get(from) ?? []), link]);
    return link;
  }

  /** Lays out what is inside, beside the `room` that the title takes. */
  arrange(room) {
    this.sheet = new Sheet(this.layerGap);
    const items = new Map();
    for (const part of [...this.parts, ...this.ports.values()]) {
      items.set(part, this.sheet.add(part));
    }
    for (const link of [...this.links.values()].flat()) {
      const fromX = link.from.attachment("bottom", link.name) + (link.from instanceof Row ? link.shift : 0);
      const toX = link.to.attachment("top", link.name) + (link.to instanceof Row ? link.shift : 0);
      link.drawn = this.sheet.link(items.get(link.from), items.get(link.to), fromX, toX, link.name);
    }
    this.sheet.arrange();
    this.items = items;
    this.isBroken = this.sheet.isBroken;
    const inner = { width: Math.max(this.sheet.width, room.width), height: Math.max(this.sheet.height, room.height) };
    this.width = inner.width + room.left + 2 * this.padding;
    this.height = inner.height + room.top + 2 * this.padding;
    this.left = this.padding + room.left + (inner.width - this.sheet.width) / 2;
    this.top = this.padding + room.top + (inner.height - this.sheet.height) / 2;
  }

  /** How far from the group's left edge its edges of a name enter or leave it. */
  attachment(border, name) {
    return this.left + this.items.get(this.port(border, name)).x;
  }

  /** Gives the parts their places on the whole drawing, once the group has its own. */
  place() {
    for (const part of this.parts) {
      const item = this.items.get(part);
      part.x = this.x + this.left + item.x;
      part.y = this.y + this.top + item.y;
    }
  }
}

/** The points of an edge: those of its links, one after another, from the border of its source to that of its target. */
function joined(route, places, edge) {
  const points = route.flatMap(({ group, drawn }) => {
    const [left, top] = [group.x + group.left, group.y + group.top];
    return drawn.points.map((point) => ({ ...point, x: left + point.x, y: top + point.y }));
  });
  const [source, target] = [places.get(edge.source.key), places.get(edge.target.key)];
  points[0].y = source.y + source.height;
  points.at(-1).y = target.y;
  return points;
}

/** The points of an edge from a node at the side of another to that one. */
function across(places, edge) {
  const [source, target] = [places.get(edge.source.key), places.get(edge.target.key)];
  const y = target.y + target.height / 2;
  const isLeft = source.x < target.x;
  return [
    { x: isLeft ? source.x + source.width : source.x, y },
    { x: isLeft ? target.x : target.x + target.width, y },
  ];
}
