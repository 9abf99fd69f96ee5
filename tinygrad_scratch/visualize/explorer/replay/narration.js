// A step in words and numbers.

import { arrayText, short } from "../numbers.js";

const MOST_VALUES = 6; // of an array that is quoted

/**
 * The text for what the first `place` of `steps` lead to: `phase` and `count` say how far it is, `title` what happens,
 * `formula` how, and `result` what comes of it.
 */
export function narrate(graph, steps, place) {
  const ofPhase = (phase) => steps.filter((step) => step.phase === phase).length;
  const [forward, backward] = [ofPhase("forward"), ofPhase("backward")];
  if (place > steps.length) {
    const title = backward ? "The forward pass and the backward pass are done" : "The forward pass is done";
    return { phase: "done", count: `${forward} + ${backward} steps`, title, formula: "", result: "" };
  }
  if (place === 0) {
    const title = "Inputs and parameters are there; nothing has run yet";
    return { phase: "start", count: "", title, formula: "", result: "" };
  }
  const step = steps[place - 1];
  const count = step.phase === "forward" ? `${place} of ${forward}` : `${place - forward} of ${backward}`;
  return { phase: step.phase, count, ...SENTENCES[step.kind](graph, step) };
}

const SENTENCES = {
  compute: (graph, { box }) => ({
    title: `${box.title} runs${where(graph, box)}`,
    formula: "",
    result: quoted(box.value) || box.shape,
  }),

  seed: (graph, { box }) => ({
    title: `The backward pass starts at ${box.title}`,
    formula: "",
    result: box.gradient ? `gradient ${quoted(box.gradient)}` : "",
  }),

  rule: (graph, { edge, part, parts }) => {
    const [source, target] = [graph.boxes[edge.source], graph.boxes[edge.target]];
    const sum = parts > 1 ? `, part ${part} of ${parts}` : "";
    return {
      title: `${target.title}${where(graph, target)} passes a gradient back to ${called(source)}${sum}`,
      formula: edge.rule ? `∂${edge.input} = ${edge.rule}` : "",
      result: edge.given ? `→ ${amounts(edge, part)}` : "",
    };
  },
};

function amounts({ given, total }, part) {
  const now = part > 1 ? `, together ${quoted(total)}` : "";
  return `${quoted(given)}${now}`;
}

const called = (box) => (box.role === "operation" ? `the result of ${box.title}` : box.title);

function where(graph, box) {
  const cluster = graph.around(box).find((around) => around.path);
  return cluster ? ` in ${cluster.title}` : "";
}

/** A few values in full, and of many the range. */
function quoted(summary) {
  if (!summary) return "";
  if (summary.values?.length === 1) return short(summary.values[0]);
  if (summary.values?.length <= MOST_VALUES) return arrayText(summary);
  return `${short(summary.minimum)} … ${short(summary.maximum)}`;
}
