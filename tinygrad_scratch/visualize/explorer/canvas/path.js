// From the points that an edge goes through to an SVG path.

const ROUNDING = 9; // of corners

/**
 * Straight between points with the same x or y. Between others a curve, which leaves and arrives vertically, or in a
 * horizontal layout horizontally. Corners are rounded.
 */
export function pathOf(points, isHorizontal) {
  const distinct = points.filter((point, i) => i === 0 || distance(point, points[i - 1]) > 0.5);
  let path = `M${at(distinct[0])}`;
  for (let i = 1; i < distinct.length; i++) {
    const [before, point, after] = distinct.slice(i - 1, i + 2);
    if (point.isCorner) path += `L${at(towards(point, before))}Q${at(point)} ${at(towards(point, after))}`;
    else if (before.isCorner || isStraight(before, point)) path += `L${at(point)}`;
    else path += curve(before, point, isHorizontal);
  }
  return path;
}

const isStraight = (from, to) => Math.abs(from.x - to.x) < 0.5 || Math.abs(from.y - to.y) < 0.5;

function curve(from, to, isHorizontal) {
  const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  const controls = isHorizontal ? [{ x, y: from.y }, { x, y: to.y }] : [{ x: from.x, y }, { x: to.x, y }];
  return `C${controls.map(at).join(" ")} ${at(to)}`;
}

/** The point where the rounding of a corner starts, on the way to a neighbour. */
function towards(corner, neighbour) {
  const share = Math.min(ROUNDING / (distance(corner, neighbour) || 1), 0.5);
  return { x: corner.x + (neighbour.x - corner.x) * share, y: corner.y + (neighbour.y - corner.y) * share };
}

const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
const at = ({ x, y }) => `${round(x)} ${round(y)}`;
const round = (value) => Math.round(value * 10) / 10;
