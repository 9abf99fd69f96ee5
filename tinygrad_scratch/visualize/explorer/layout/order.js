// The order of the items in each layer, so that few links cross: each item moves to the middle of those it is linked to.

const SWEEPS = 10;

/** Sorts the items of each of the `layers` in place; `strands` only lead from one layer to the next. */
export function reduceCrossings(layers, strands) {
  number(layers);
  let best = layers.map((layer) => [...layer]);
  let fewest = countCrossings(layers, strands);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const isDown = sweep % 2 === 0;
    for (const layer of isDown ? layers : [...layers].reverse()) sortByMiddle(layer, isDown);
    const crossings = countCrossings(layers, strands);
    if (crossings < fewest) {
      fewest = crossings;
      best = layers.map((layer) => [...layer]);
    }
  }
  best.forEach((layer, i) => layers[i].splice(0, layers[i].length, ...layer));
  number(layers);
}

function number(layers) {
  for (const layer of layers) layer.forEach((item, place) => (item.place = place));
}

function sortByMiddle(layer, isDown) {
  const middles = new Map(layer.map((item) => [item, middle(item, isDown)]));
  layer.sort((a, b) => middles.get(a) - middles.get(b) || a.place - b.place);
  layer.forEach((item, place) => (item.place = place));
}

function middle(item, isDown) {
  const ends = isDown ? item.strandsUp.map((s) => fromPlace(s)) : item.strandsDown.map((s) => toPlace(s));
  return ends.length ? ends.reduce((sum, place) => sum + place, 0) / ends.length : item.place;
}

// Where a strand starts and ends: between two places if it is not in the middle of its item.
const fromPlace = (strand) => strand.from.place + strand.fromX / (strand.from.width || 1) - 0.5;
const toPlace = (strand) => strand.to.place + strand.toX / (strand.to.width || 1) - 0.5;

function countCrossings(layers, strands) {
  const perLayer = layers.map(() => []);
  for (const strand of strands) perLayer[strand.from.layer].push([fromPlace(strand), toPlace(strand)]);
  return perLayer.reduce((sum, pairs) => sum + inversions(pairs), 0);
}

/** How many pairs of strands are in another order below than above, counted in a tree of partial sums. */
function inversions(pairs) {
  if (pairs.length < 2) return 0;
  pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const ranks = new Map([...new Set(pairs.map((pair) => pair[1]))].sort((a, b) => a - b).map((end, i) => [end, i + 1]));
  const counts = new Array(ranks.size + 1).fill(0);
  let total = 0;
  pairs.forEach(([, end], seen) => {
    let notAfter = 0;
    for (let i = ranks.get(end); i > 0; i -= i & -i) notAfter += counts[i];
    total += seen - notAfter;
    for (let i = ranks.get(end); i < counts.length; i += i & -i) counts[i]++;
  });
  return total;
}
