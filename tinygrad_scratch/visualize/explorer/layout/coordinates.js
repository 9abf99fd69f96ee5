// Where the items of each layer stand from left to right, so that links are as straight as their order allows.

const SWEEPS = 24;

/** Gives every item its `x`, the left edge, with at least `gap` between neighbours; the leftmost is at 0. */
export function assignCoordinates(layers, gap) {
  for (const layer of layers) {
    let x = 0;
    for (const item of layer) {
      item.x = x;
      x += item.width + gap;
    }
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isLast = sweep === SWEEPS - 1;
    const isDown = sweep % 2 === 0;
    for (const layer of isDown ? layers : [...layers].reverse()) {
      const strandsOf = isDown ? (item) => item.strandsUp : (item) => item.strandsDown;
      place(layer, gap, isLast ? (item) => [...item.strandsUp, ...item.strandsDown] : strandsOf);
    }
  }
  const items = layers.flat();
  const left = items.reduce((least, item) => Math.min(least, item.x), Infinity);
  for (const item of items) item.x -= left;
}

/**
 * Moves the items of a layer to where their strands would be straight or, where that is too close, to the places
 * nearest to that in the sense of least squares: neighbours that get too close are merged into a block that moves as one.
 */
function place(layer, gap, strandsOf) {
  const blocks = [];
  let offset = 0;
  for (const item of layer) {
    const { wish, weight } = wishOf(item, strandsOf(item));
    let block = { first: blocks.length, items: [[item, offset]], weight, sum: (wish - offset) * weight };
    while (blocks.length && mean(blocks.at(-1)) > mean(block)) {
      const before = blocks.pop();
      const items = [...before.items, ...block.items];
      block = { items, weight: before.weight + block.weight, sum: before.sum + block.sum };
    }
    blocks.push(block);
    offset += item.width + gap;
  }
  for (const block of blocks) {
    for (const [item, offset] of block.items) item.x = mean(block) + offset;
  }
}

const mean = (block) => block.sum / block.weight;

/** Where a strand pulls at an item: at its end, but for items of several columns, which would form a staircase. */
const anchor = (item, end) => (item.isBroken ? item.width / 2 : end);

/** Where an item wants to be, and how much: the strands of links that pass through insist most on being straight. */
function wishOf(item, strands) {
  if (!strands.length) return { wish: item.x, weight: 0.1 };
  let sum = 0;
  let weight = 0;
  for (const strand of strands) {
    const [fromX, toX] = [anchor(strand.from, strand.fromX), anchor(strand.to, strand.toX)];
    const straight = strand.from === item ? strand.to.x + toX - fromX : strand.from.x + fromX - toX;
    const importance = strand.from.isWaypoint && strand.to.isWaypoint ? 8 : 1;
    sum += straight * importance;
    weight += importance;
  }
  return { wish: sum / weight, weight };
}
