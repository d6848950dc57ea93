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
    list.children[at]?.scrollIntoView({ block: "nearest" });
    app.parts.network.record({ ...step, arrays: trace.arrays, steps: trace.steps, at });
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
      trace = message;
      const { x, y, index: number, target } = message.record ?? {};
      if (document.activeElement !== index) index.value = number ?? index.value;
      about.textContent = describeRecord(app.data, x, y ?? target);
      fill(list, message.steps.map((step, i) => h("li", { class: step.where?.kind }, h("button", { type: "button", onclick: () => go(i) }, step.title))));
      if (open) go(again ? at : 0);
    },
    frame() {
      if (open && !app.playing && trace) ask();
    },
    state({ playing }) {
      if (playing && open) {
        app.parts.network.record(null);
        trace = null;
      }
    },
    data() {
      trace = null;
    },
  };
}

const lined = (numbers) => (Array.isArray(numbers) ? numbers.join("\n") : (numbers ?? ""));

function describeRecord(data, x, y) {
  const inputs = (x ?? []).slice(0, 6).map((value, i) => `${data.features?.[i] ?? `x${i + 1}`} = ${brief(value)}`);
  const target = data.classes?.length && Number.isInteger(y) ? `class ${data.classes[y] ?? y}` : `target ${brief(Array.isArray(y) ? y[0] : y)}`;
  return [...inputs, (x ?? []).length > 6 ? "…" : null, target].filter(Boolean).join(", ");
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
  const reached = step.where?.layer ?? picture.columns.length - 1;
  const lit = picture.lines.filter((line) => !line.bundle && (kind === "update" && step.where?.layer == null ? true : line.layer === step.where?.layer) && kind !== "loss");
  const written = lit.length <= 32;
  for (const line of lit) {
    const from = backward ? step.arrays[`gradient${line.layer}`] : picture.weights?.[line.layer - 1] && { data: picture.weights[line.layer - 1].w };
    const value = from?.data[line.row * line.columns + line.column];
    if (value == null) continue;
    line.look = null;
    paint(line, value, app.palette);
    line.path.classList.add("lit");
    if (written) marks.append(...tag(along(line, 0.3 + 0.4 * ((line.to.unit * 0.37 + line.column * 0.23) % 1)), brief(value, 2), `edge-number ${backward ? "slope" : ""}`));
  }
  const last = picture.columns.length - 1;
  for (const column of picture.columns) {
    const activations = step.arrays[`activation${column.layer}`]?.data;
    const deltas = step.arrays[`delta${column.layer}`]?.data;
    for (const place of column.places) {
      const unit = column.layer === 0 ? place.feature : place.unit;
      const seen = backward || kind === "loss" || column.layer <= reached;
      if (unit < 0 || (column.layer === 0 && app.data.images)) continue;
      if (seen && activations) marks.append(...tag([place.x, place.y], brief(activations[unit], 2), "activation"));
      if (backward && column.layer > 0 && deltas && (kind === "update" || column.layer >= reached)) {
        marks.append(...tag([place.x, place.y + place.side / 2 + 7], `δ ${brief(deltas[unit], 3)}`, `slope ${column.layer === last ? "at-end" : ""}`));
      }
    }
  }
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
