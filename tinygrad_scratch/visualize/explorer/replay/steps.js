// What happened, in order: the forward pass as it ran, then the backward pass, rule by rule.

/**
 * The steps of a graph. `kind` says what each is: "compute" (an operation, `box`, runs); "seed" (the backward pass starts
 * with the gradient of `box`, an output); "rule" (a gradient goes back along `edge`, the `part`th of `parts` for the box
 * that it comes to).
 */
export function stepsOf(graph) {
  const operations = graph.boxes.filter((box) => box.role === "operation");
  const inputs = graph.boxes.map(() => []);
  for (const edge of graph.edges) inputs[edge.target].push(edge);
  return [
    ...operations.map((box) => ({ kind: "compute", phase: "forward", box })),
    ...backward(graph, operations, inputs),
  ];
}

function backward(graph, operations, inputs) {
  const seeds = graph.boxes.filter((box) => box.role === "output" && box.wantsGradient);
  const goesBack = (edge) => edge.rule !== null && graph.boxes[edge.target].role !== "output";
  // Of a pass that was recorded, only what it did is replayed: it may have been asked for some gradients only.
  const isRecorded = graph.edges.some((edge) => edge.total);
  const isReplayed = (edge) => goesBack(edge) && (edge.total || !isRecorded);
  const edges = operations.toReversed().flatMap((box) => inputs[box.index].filter(isReplayed));
  const parts = new Map();
  for (const edge of edges) parts.set(edge.source, (parts.get(edge.source) ?? 0) + 1);
  const seen = new Map();
  const rules = edges.map((edge) => {
    seen.set(edge.source, (seen.get(edge.source) ?? 0) + 1);
    return { kind: "rule", phase: "backward", edge, part: seen.get(edge.source), parts: parts.get(edge.source) };
  });
  return rules.length ? [...seeds.map((box) => ({ kind: "seed", phase: "backward", box })), ...rules] : [];
}

/**
 * What is known after the first `count` steps: the boxes that have a value, and for those with a gradient the sum of its
 * parts so far (null if it was not recorded), how many there are, and how many there will be.
 */
export function stateAfter(graph, steps, count) {
  const starts = graph.boxes.filter((box) => box.role !== "operation" && box.role !== "output");
  const computed = new Set(starts.map((box) => box.index));
  const gradients = new Map();
  for (const { kind, box, edge, part, parts } of steps.slice(0, count)) {
    if (kind === "compute") computed.add(box.index);
    else if (kind === "seed") gradients.set(box.index, { total: box.gradient, part: 1, parts: 1 });
    else gradients.set(edge.source, { total: edge.total, part, parts });
  }
  for (const edge of graph.edges) {
    if (graph.boxes[edge.target].role !== "output") continue;
    if (computed.has(edge.source)) computed.add(edge.target);
    // The gradient of an output is that of the operation it comes from, unless others use that, too.
    if (gradients.has(edge.target) && !gradients.has(edge.source)) gradients.set(edge.source, gradients.get(edge.target));
  }
  return { computed, gradients };
}
