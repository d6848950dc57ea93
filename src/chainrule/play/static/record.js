// One record, step by step: what goes forward, the loss, the gradients that come back, the update.

function recordTab(app) {
  const index = h("input", { type: "number", min: 0, value: 0, "aria-label": "Number of the training record", onchange: () => ask() });
  const title = h("h3", { "aria-live": "polite" });
  const words = h("p");
  const formula = h("pre", { class: "formula" });
  const numbers = h("pre", { class: "formula numbers-in" });
  const list = h("ol", { class: "step-list" });
  const back = h("button", { type: "button", onclick: () => go(at - 1) }, "← Back");
  const next = h("button", { type: "button", class: "main", onclick: () => go(at + 1) }, "Next →");
  const about = h("p", { class: "note" });
  const element = h("div", { class: "record-tab" },
    h("div", { class: "chooser" }, h("label", {}, "Training record ", index), back, next, about, list),
    h("div", { class: "explained" }, title, words, formula, numbers));
  let trace = null;
  let at = 0;
  let open = false;

  const ask = () => app.send({ type: "record", index: Number(index.value) || 0 });

  function go(to) {
    if (!trace) return ask();
    at = Math.max(0, Math.min(trace.steps.length - 1, to));
    const step = trace.steps[at];
    title.textContent = step.title;
    words.textContent = step.text ?? "";
    formula.textContent = step.formula ?? "";
    numbers.textContent = lined(step.numbers);
    back.disabled = at === 0;
    next.disabled = at === trace.steps.length - 1;
    [...list.children].forEach((item, i) => item.firstChild.setAttribute("aria-current", i === at ? "step" : "false"));
    app.parts.network.record({ ...step, ...trace.numbers, shape: trace.shape });
  }

  return {
    name: "One record",
    element,
    open() {
      open = true;
      if (app.playing) app.send({ type: "pause" });
      ask();
    },
    close() {
      open = false;
      app.parts.network.record(null);
    },
    trace(message) {
      const again = trace && trace.steps.length === message.steps.length;
      trace = { steps: message.steps, shape: message.shape, numbers: numbersOf(message) };
      if (document.activeElement !== index) index.value = message.record.index;
      about.textContent = describeRecord(app.data, message.record);
      fill(list, message.steps.map((step, i) => h("li", { class: step.where?.kind }, h("button", { type: "button", onclick: () => go(i) }, step.title))));
      if (open) go(again ? at : 0);
    },
    frame() {
      if (open && !app.playing) ask();
    },
    state({ playing }) {
      if (playing && open) {
        app.parts.network.record(null);
        trace = null;
      }
    },
    data() {
      trace = null;
      index.value = 0;
      if (open) app.parts.network.record(null);
    },
  };
}

const lined = (numbers) => (Array.isArray(numbers) ? numbers.join("\n") : (numbers ?? ""));

/** Return the trace's arrays cut up: activations and deltas of each layer, gradients as they should be and as they ran. */
function numbersOf({ shape, arrays }) {
  const cut = (values, sizes) => {
    let at = 0;
    return sizes.map((size) => values.data.subarray(at, (at += size)));
  };
  return {
    activations: cut(arrays.activations, shape),
    deltas: [null, ...cut(arrays.deltas, shape.slice(1))],
    gradients: layersOf(arrays.gradients.data, shape),
    taken: arrays.taken && layersOf(arrays.taken.data, shape),
  };
}

function describeRecord({ features, classes, images }, { x, label }) {
  if (images) return `class ${label}`;
  const inputs = x.slice(0, 6).map((value, i) => `${features[i]} = ${brief(value)}`);
  return [...inputs, x.length > 6 ? "…" : null, `${classes.length ? "class" : "target"} ${label}`].filter(Boolean).join(", ");
}

/** Write a step's numbers on the network: activations, and on the edges of the step's layer weights or gradients. */
function showRecord(picture, marks, app, step, element, draw) {
  fill(marks);
  element.classList.toggle("stepping", Boolean(step));
  if (!picture) return;
  for (const line of picture.lines) line.path.classList.remove("lit");
  if (!step) {
    for (const line of picture.lines) line.look = null;
    return draw();
  }
  const { kind } = step.where ?? {};
  const backward = kind === "backward" || kind === "update";
  const reached = step.where?.layer || (kind === "update" ? 1 : picture.columns.length - 1);
  const lit = picture.lines.filter((line) => !line.bundle && kind !== "loss" && (kind === "update" || line.layer === reached));
  const taken = [];
  for (const line of lit) {
    const at = line.row * line.columns + line.column;
    const value = (backward ? step.gradients : picture.weights)?.[line.layer - 1].w[at];
    if (value == null) continue;
    line.look = null;
    paint(line, value, app.palette);
    line.path.classList.add("lit");
    const ran = backward && step.taken ? step.taken[line.layer - 1].w[at] : value;
    const wrong = Math.abs(ran - value) > 0.02 * Math.abs(value) + 1e-6 && brief(ran) !== brief(value);
    const text = wrong ? `${brief(ran)} not ${brief(value)}` : brief(value, backward ? 3 : 2);
    if (lit.length <= 32) marks.append(...tag(freePlace(line, text, taken), text, wrong ? "wrong" : backward ? "slope" : ""));
  }
  const last = picture.columns.length - 1;
  for (const column of picture.columns) {
    const activations = step.activations[column.layer];
    const deltas = step.deltas[column.layer];
    for (const place of column.places) {
      const unit = column.layer === 0 ? place.feature : place.unit;
      const seen = backward || kind === "loss" || column.layer <= reached;
      if (unit < 0 || (column.layer === 0 && app.data.images)) continue;
      if (seen && activations) marks.append(...tag([place.x, place.y], brief(activations[unit], 2), "activation"));
      if (backward && deltas && (kind === "update" || column.layer >= reached)) {
        marks.append(...tag([place.x, place.y + place.side / 2 + 7], `δ ${brief(deltas[unit], 3)}`, `slope ${column.layer === last ? "at-end" : ""}`));
      }
    }
  }
}

/** Return where on its way an edge has its number: where no other number is yet, if there is such a place. */
function freePlace(line, text, taken) {
  const half = (text.length * 5.7 + 6) / 2;
  const overlaps = ([x, y]) => taken.filter((other) => Math.abs(other.x - x) < half + other.half && Math.abs(other.y - y) < 15).length;
  const places = [0.62, 0.38, 0.5, 0.72, 0.28, 0.8, 0.2, 0.86].map((share) => along(line, share));
  const best = places.reduce((one, other) => (overlaps(other) < overlaps(one) ? other : one));
  taken.push({ x: best[0], y: best[1], half });
  return best;
}

/** Return a number with a pale ground, so that it can be read on a line. */
function tag([x, y], text, kind) {
  const width = text.length * 5.7 + 6;
  return [
    svg("rect", { x: x - width / 2, y: y - 7, width, height: 14, rx: 4, class: `tag ${kind}` }),
    svg("text", { x, y: y + 3.7, class: `tag-text ${kind}` }, text),
  ];
}

/** Return the point of an edge's curve at a share of its way. */
function along({ from, to }, t) {
  const [x1, x2] = [from.x + from.side / 2, to.x - to.side / 2];
  const bend = (x2 - x1) * 0.45;
  const mix = (a, b, c, d) => (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t * t * c + t ** 3 * d;
  return [mix(x1, x1 + bend, x2 - bend, x2), mix(from.y, from.y, to.y, to.y)];
}
