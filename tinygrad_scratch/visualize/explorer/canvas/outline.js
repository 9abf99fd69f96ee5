// The outline of a node, which tells its role as the shapes of the pictures do.

export const CAP = 5; // the height of a cylinder's rim
export const TAB = 6; // the height of a folder's tab
const FOLD = 9; // the size of a note's folded corner
const RIM = 3; // between the two lines around an output

/** The SVG paths of a node of that role: its `outline` and, for some, more `lines` on it. */
export function outlineOf(role, width, height) {
  return OUTLINES[role](width, height);
}

const OUTLINES = {
  operation: (w, h) => ({ outline: rounded(0, 0, w, h, 8) }),
  input: (w, h) => ({ outline: rounded(0, 0, w, h, h / 2) }),
  output: (w, h) => ({
    outline: rounded(0, 0, w, h, h / 2),
    lines: rounded(RIM, RIM, w - 2 * RIM, h - 2 * RIM, h / 2 - RIM),
  }),
  parameter: (w, h) => ({
    outline: `M0 ${CAP}A${w / 2} ${CAP} 0 0 1 ${w} ${CAP}V${h - CAP}A${w / 2} ${CAP} 0 0 1 0 ${h - CAP}Z`,
    lines: `M0 ${CAP}A${w / 2} ${CAP} 0 0 0 ${w} ${CAP}`,
  }),
  constant: (w, h) => ({ outline: `M0 0H${w - FOLD}L${w} ${FOLD}V${h}H0Z`, lines: `M${w - FOLD} 0V${FOLD}H${w}` }),
  module: (w, h) => ({
    outline:
      `M0 ${TAB}V3a3 3 0 0 1 3 -3H${w * 0.35}l${TAB} ${TAB}H${w - 5}a5 5 0 0 1 5 5V${h - 5}a5 5 0 0 1 -5 5` +
      `H5a5 5 0 0 1 -5 -5Z`,
  }),
};

function rounded(x, y, w, h, r) {
  const corner = (dx, dy) => `a${r} ${r} 0 0 1 ${dx} ${dy}`;
  return (
    `M${x + r} ${y}h${w - 2 * r}${corner(r, r)}v${h - 2 * r}${corner(-r, r)}` +
    `h${2 * r - w}${corner(-r, -r)}v${2 * r - h}${corner(r, -r)}Z`
  );
}
