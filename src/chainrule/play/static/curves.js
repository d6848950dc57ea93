// Loss and accuracy over the epochs; the run without the mistake is dashed.

const MOST_POINTS = 1500;
const SERIES = ["loss_train", "loss_test", "accuracy_train", "accuracy_test", "ghost_loss_train", "ghost_loss_test", "ghost_accuracy_test"];

function curves(app) {
  const canvas = h("canvas", { role: "img", "aria-label": "Loss and accuracy over the epochs" });
  const log = h("input", { type: "checkbox", onchange: () => draw() });
  const element = h("figure", { class: "curves" }, canvas, h("figcaption", {},
    h("span", { class: "key train" }, "train"), h("span", { class: "key test" }, "test"), h("span", { class: "key ghost", hidden: true }),
    h("label", {}, log, "log")));
  const ghostKey = element.querySelector(".ghost");
  let kept = emptyHistory();
  let [width, height] = [0, 0]; // asking the canvas in each frame would lay the page out twice

  function draw() {
    if (!width) return;
    const context = sharp(canvas, width, height);
    const accuracy = kept.accuracy_train.some(Number.isFinite);
    ghostKey.textContent = app.state?.broken ? "without it" : "ours";
    ghostKey.hidden = !kept.ghost_loss_train.some(Number.isFinite);
    const half = accuracy ? Math.round(width * 0.56) : width;
    plot(context, app.palette, kept, ["loss_train", "loss_test", "ghost_loss_train"], [0, half - 6, 16, height - 3], { name: "loss", log: log.checked });
    if (accuracy) plot(context, app.palette, kept, ["accuracy_train", "accuracy_test", "ghost_accuracy_test"], [half, width, 16, height - 3], { name: "accuracy", fixed: true });
  }

  new ResizeObserver(([{ contentRect }]) => {
    ({ width, height } = contentRect);
    draw();
  }).observe(canvas);
  return {
    element,
    canvas,
    draw,
    state() {},
    frame(frame) {
      const { epoch } = frame;
      if (epoch < (kept.epoch.at(-1) ?? 0)) kept = emptyHistory();
      if (epoch === kept.epoch.at(-1)) dropLast(kept);
      kept.epoch.push(epoch);
      for (const name of SERIES) kept[name].push(valueOf(frame, name));
      if (kept.epoch.length > MOST_POINTS) kept = halved(kept);
      draw();
    },
    history({ arrays }) {
      kept = emptyHistory();
      kept.epoch = Array.from(arrays.epoch?.data ?? []);
      for (const name of SERIES) kept[name] = arrays[name] ? Array.from(arrays[name].data) : kept.epoch.map(() => NaN);
      draw();
    },
  };
}

function valueOf(frame, name) {
  const value = name.startsWith("ghost_") ? frame.ghost?.[name.slice(6)] : frame[name];
  return value ?? NaN;
}

const emptyHistory = () => Object.fromEntries(["epoch", ...SERIES].map((name) => [name, []]));
const dropLast = (kept) => Object.values(kept).forEach((values) => values.pop());
const halved = (kept) => Object.fromEntries(Object.entries(kept).map(([name, values]) => [name, values.filter((_, i) => i % 2 === 0 || i === values.length - 1)]));

/** Draw some series in a box, with their axis's ends on the left. */
function plot(context, palette, kept, names, [from, to, top, bottom], { name, log = false, fixed = false }) {
  const shown = (value) => (log ? Math.log10(Math.max(value, 1e-8)) : value);
  const values = names.flatMap((one) => kept[one]).filter(Number.isFinite).map(shown);
  let [low, high] = fixed ? [0, 1] : [log ? lowest(values) : 0, highest(values)];
  if (!(high > low)) high = low + 1;
  const left = from + (fixed ? 33 : 29);
  const last = kept.epoch.at(-1) || 1;
  const y = (value) => bottom - ((shown(value) - low) / (high - low)) * (bottom - top);
  context.font = "10.5px system-ui, sans-serif";
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, Math.round(top) + 0.5, to - left - 2, Math.round(bottom - top));
  context.fillStyle = palette.faint;
  context.textAlign = "right";
  const label = (value) => (fixed ? `${Math.round(value * 100)} %` : brief(log ? 10 ** value : value, high < 1 ? 2 : 1));
  context.fillText(label(high), left - 4, top + 8);
  context.fillText(label(low), left - 4, bottom);
  context.textAlign = "left";
  context.fillText(name, left, top - 4);
  const looks = { train: [palette.ink, []], test: [cssColor(palette.positive), []], ghost: [palette.faint, [4, 3]] };
  for (const one of names) {
    const [color, dashes] = looks[one.split(/loss_|accuracy_/)[0] === "ghost_" ? "ghost" : one.split("_")[1]];
    context.strokeStyle = color;
    context.setLineDash(dashes);
    context.lineWidth = 1.6;
    context.beginPath();
    kept[one].forEach((value, i) => {
      if (Number.isFinite(value)) context.lineTo(left + (kept.epoch[i] / last) * (to - left - 2), Math.max(top, Math.min(bottom, y(value))));
    });
    context.stroke();
  }
  context.setLineDash([]);
}

/** Return what fits nearly all: one huge value, of a run that diverges, does not press the rest flat. */
function highest(values) {
  if (!values.length) return 1;
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const sorted = values.toSorted((a, b) => a - b);
  const usual = sorted[Math.floor(sorted.length / 2)];
  return Math.min(most, Math.max(usual * 20, sorted[Math.floor(sorted.length * 0.98)]));
}

const lowest = (values) => values.reduce((a, b) => Math.min(a, b), values[0] ?? 0);
