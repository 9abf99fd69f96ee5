// One level of a drawing: items in layers from top to bottom, and links between them.

import { assignCoordinates } from "./coordinates.js";
import { assignLayers } from "./layers.js";
import { reduceCrossings } from "./order.js";

const ITEM_GAP = 24;
const BORDER_GAP = 18; // between a border and the layer next to it
const COLUMN_GAP = 64;
const LANE = 7; // between the lines that go from one column to the next
const LONGEST_COLUMN = 1300; // a sheet of many layers that is higher, and much higher than wide, is broken into columns
const MANY_LAYERS = 8;
const SLENDER = 2.5; // height to width
const BROKEN = 1.6; // width to height of what was broken
const MOST_LANES = 4; // from one column to the next; with more, one long column is easier to follow

/** Items of a `width` and `height`, which get their `x` and `y`, and links, which get their `points`. */
export class Sheet {
  items = [];
  links = [];
  strands = []; // the pieces of links from one layer to the next

  constructor(layerGap) {
    this.layerGap = layerGap;
  }

  /** An item that is itself `isBroken` into columns has its links at the far ends. */
  add({ width, height, border, isBroken }) {
    const item = { width, height, border, isBroken, strandsUp: [], strandsDown: [], ways: new Map() };
    this.items.push(item);
    return item;
  }

  /**
   * Links two items, from `fromX` and to `toX` as seen from their left edges. Links of one `name` that start together
   * stay together for as long as they can.
   */
  link(from, to, fromX, toX, name) {
    const link = { from, to, fromX, toX, name };
    this.links.push(link);
    return link;
  }

  arrange() {
    const depth = assignLayers(this.items, this.links);
    this.layers = Array.from({ length: depth }, () => []);
    for (const item of this.items) this.layers[item.layer].push(item);
    this.layStrands();
    reduceCrossings(this.layers, this.strands);
    assignCoordinates(this.layers, ITEM_GAP);
    this.stack();
    for (const link of this.links) link.points = this.pointsOf(link);
  }

  /** Divides the links into strands, with waypoints in the layers that they pass. */
  layStrands() {
    for (const link of this.links) {
      link.strands = [];
      let { from, fromX } = link;
      for (let layer = from.layer + 1; layer < link.to.layer; layer++) {
        const key = `${layer} ${link.name}`;
        if (!link.from.ways.has(key)) link.from.ways.set(key, this.lay(from, fromX, this.waypoint(layer), 0));
        const strand = link.from.ways.get(key);
        link.strands.push(strand);
        from = strand.to;
        fromX = 0;
      }
      link.strands.push(this.lay(from, fromX, link.to, link.toX));
    }
  }

  waypoint(layer) {
    const item = { width: 0, height: 0, layer, isWaypoint: true, strandsUp: [], strandsDown: [] };
    this.layers[layer].push(item);
    return item;
  }

  lay(from, fromX, to, toX) {
    const strand = { from, fromX, to, toX };
    from.strandsDown.push(strand);
    to.strandsUp.push(strand);
    this.strands.push(strand);
    return strand;
  }

  /** Puts the layers below each other, in one column or several, and notes their `tops` and `bottoms`. */
  stack() {
    const columns = this.columns();
    this.isBroken = columns.length > 1;
    const margin = this.isBroken ? LANE * (2 + this.nameLanes(columns)) : 0;
    this.height = 0;
    this.lefts = [];
    let left = 0;
    for (const column of columns) {
      const items = column.flatMap((layer) => this.layers[layer]);
      const shift = left - items.reduce((least, item) => Math.min(least, item.x), Infinity);
      this.lefts.push(left);
      let y = margin;
      for (const layer of column) {
        this.tops[layer] = y;
        this.bottoms[layer] = y += this.heights[layer];
        for (const item of this.layers[layer]) {
          item.x += shift;
          item.y = (this.tops[layer] + y - item.height) / 2;
        }
        y += layer === column.at(-1) ? margin : this.gapBelow(layer);
      }
      this.height = Math.max(this.height, y);
      left = rightOf(items) + COLUMN_GAP;
    }
    this.width = left - COLUMN_GAP;
    this.bottoms.splice(-1, 1, this.height);
    this.tops.splice(-1, 1, this.height);
    for (const item of this.layers.at(-1)) item.y = this.height;
  }

  /** The layers of each column: all in one, unless that would be very long and slender, and can be divided cleanly. */
  columns() {
    this.heights = this.layers.map((layer) => layer.reduce((most, item) => Math.max(most, item.height), 0));
    this.tops = this.layers.map(() => 0);
    this.bottoms = this.layers.map(() => 0);
    const all = this.layers.map((_, layer) => layer);
    const length = all.reduce((sum, layer) => sum + this.heights[layer] + this.gapBelow(layer), 0);
    const width = rightOf(this.layers.flat());
    if (all.length < MANY_LAYERS || length < LONGEST_COLUMN || length < SLENDER * width) return [all];
    const count = Math.max(2, Math.round(Math.sqrt((BROKEN * length) / (width + COLUMN_GAP))));
    const columns = [[]];
    let y = 0;
    for (const layer of all) {
      if (y > length / count && layer < this.layers.length - 1) {
        columns.push([]);
        y = 0;
      }
      columns.at(-1).push(layer);
      y += this.heights[layer] + this.gapBelow(layer);
    }
    const lanesBelow = (layer) => this.strands.filter((strand) => strand.from.layer === layer).length;
    return columns.slice(0, -1).some((column) => lanesBelow(column.at(-1)) > MOST_LANES) ? [all] : columns;
  }

  gapBelow(layer) {
    const isAtBorder = layer === 0 || layer >= this.layers.length - 2;
    const border = layer === 0 ? this.layers[0] : this.layers.at(-1);
    return isAtBorder ? (border.length ? BORDER_GAP : 0) : this.layerGap;
  }

  /** Gives each strand from one column to the next a lane of its own to get there, and returns the most lanes. */
  nameLanes(columns) {
    this.columnOf = columns.flatMap((column, c) => column.map(() => c));
    const used = columns.map(() => 0);
    for (const strand of this.strands) {
      const column = this.columnOf[strand.from.layer];
      if (column !== this.columnOf[strand.to.layer]) strand.lane = used[column]++;
    }
    return Math.max(...used);
  }

  /** The points that a link goes through: straight down where two have the same x, in a curve where not. */
  pointsOf({ from, fromX, to, strands }) {
    const points = [{ x: from.x + fromX, y: from.y + from.height }];
    for (const strand of strands) {
      const start = { x: strand.from.x + strand.fromX, y: this.bottoms[strand.from.layer] };
      const end = { x: strand.to.x + strand.toX, y: this.tops[strand.to.layer] };
      points.push(start, ...this.corners(strand, start, end), end);
    }
    points.push({ x: points.at(-1).x, y: to.y });
    return points;
  }

  /** The corners on the way to the top of the next column: down, across to the gutter between the columns, and up. */
  corners(strand, start, end) {
    if (strand.lane === undefined) return [];
    const shift = LANE * (strand.lane + 1);
    const gutter = this.lefts[this.columnOf[strand.to.layer]] - COLUMN_GAP / 2 + shift / 2;
    const corner = (x, y) => ({ x, y, isCorner: true });
    return [
      corner(start.x, start.y + shift),
      corner(gutter, start.y + shift),
      corner(gutter, end.y - shift),
      corner(end.x, end.y - shift),
    ];
  }
}

const rightOf = (items) => items.reduce((most, item) => Math.max(most, item.x + item.width), 0);
