// Which layer each item stands in: below everything that it is computed from.

import { groupBy } from "../groups.js";

/**
 * Gives every item its `layer`, from 1 on, and returns how many layers there are. Items that nothing leads to stand just
 * above the first that uses them. Items on the "top" and "bottom" `border` have the first and the last layer for themselves.
 */
export function assignLayers(items, links) {
  const inner = links.filter((link) => !link.from.border && !link.to.border);
  const above = groupBy(inner, (link) => link.to);
  const below = groupBy(inner, (link) => link.from);
  const hasWayIn = new Set(links.map((link) => link.to));
  const order = topologicalOrder(items.filter((item) => !item.border), above, below);
  for (const item of order) {
    item.layer = 1 + Math.max(0, ...(above.get(item) ?? []).map((link) => link.from.layer));
  }
  for (const item of order.reverse()) {
    const users = below.get(item) ?? [];
    if (!hasWayIn.has(item) && users.length) item.layer = Math.min(...users.map((link) => link.to.layer)) - 1;
  }
  const last = Math.max(0, ...order.map((item) => item.layer));
  for (const item of items) {
    if (item.border) item.layer = item.border === "top" ? 0 : last + 1;
  }
  return last + 2;
}

function topologicalOrder(items, above, below) {
  const missing = new Map(items.map((item) => [item, (above.get(item) ?? []).length]));
  const ready = items.filter((item) => missing.get(item) === 0);
  for (const item of ready) {
    for (const link of below.get(item) ?? []) {
      missing.set(link.to, missing.get(link.to) - 1);
      if (missing.get(link.to) === 0) ready.push(link.to);
    }
  }
  return ready;
}
