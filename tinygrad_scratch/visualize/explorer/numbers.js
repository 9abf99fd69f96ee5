// Numbers and arrays, and how they are written. JSON knows no NaN and no infinity: Python writes those as words.

const BINS = 24; // of a histogram

/** A number to four significant digits, as Python's pictures have it. */
export function short(value) {
  if (value === null || value === undefined) return "–";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return value;
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  const rounded = Number(value.toPrecision(4));
  const size = Math.abs(rounded);
  return size >= 1e-4 && size < 1e6 ? String(rounded) : rounded.toExponential().replace("e+", "e");
}

/** The numbers among values that may include words. */
export function finite(values) {
  return values.filter((value) => typeof value === "number");
}

/** The minimum, maximum, mean, standard deviation and histogram of values, as `summarized` in Python has them. */
export function distributionOf(values) {
  const numbers = finite(values.map((value) => (typeof value === "boolean" ? Number(value) : value)));
  if (!numbers.length) return {};
  const average = (parts) => parts.reduce((sum, part) => sum + part, 0) / parts.length;
  const [minimum, maximum, mean] = [Math.min(...numbers), Math.max(...numbers), average(numbers)];
  const std = Math.sqrt(average(numbers.map((value) => (value - mean) ** 2)));
  const histogram = new Array(BINS).fill(0);
  for (const value of numbers) {
    const share = maximum > minimum ? (value - minimum) / (maximum - minimum) : 0.5;
    histogram[Math.min(BINS - 1, Math.floor(share * BINS))]++;
  }
  return { minimum, maximum, mean, std, histogram };
}

/** An array, given as a shape and flat values, in brackets and on one line. */
export function arrayText({ shape, values }) {
  let texts = values.map(short);
  for (const size of shape.toReversed()) {
    const count = size ? texts.length / size : 0;
    texts = Array.from({ length: count || 1 }, (_, i) => `[${texts.slice(i * size, (i + 1) * size).join(", ")}]`);
  }
  return texts[0];
}

/** A count of bytes in units that a reader knows. */
export function bytes(count) {
  const units = ["B", "kB", "MB", "GB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(count, 1)) / 3));
  return `${short(count / 1000 ** power)} ${units[power]}`;
}
