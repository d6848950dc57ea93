// The output: the decision boundary under the data, the losses, and what is shown large when one looks at a neuron.

function output(app) {
  const ground = h("canvas", { class: "ground", width: 1, height: 1, "aria-hidden": "true" });
  const points = h("canvas", { class: "points", "aria-hidden": "true" });
  const plane = h("div", { class: "plane", role: "img", "aria-label": "What the network says over the plane" }, ground, points);
  const caption = h("p", { class: "caption plane-caption" });
  const legend = h("div", { class: "legend" });
  const showTest = h("input", { type: "checkbox", checked: true, onchange: () => drawPoints() });
  const discrete = h("input", { type: "checkbox", onchange: () => drawGround() });
  const axes = { x: h("span", { class: "axis x" }), y: h("span", { class: "axis y" }) };
  const numbers = h("dl", { class: "numbers" });
  const summary = h("div", { class: "summary", hidden: true });
  const chart = curves(app);
  const options = h("div", { class: "options" }, h("label", {}, showTest, "test points"), h("label", {}, discrete, "discrete"));
  const element = h("section", { class: "output-column", "aria-label": "Output" }, numbers, chart.element, caption, h("div", { class: "plane-box" }, axes.y, plane, axes.x), h("div", { class: "below" }, legend, options), summary);
  let looked = null;

  function drawGround() {
    const { frame, palette, data } = app;
    plane.parentElement.hidden = options.hidden = legend.hidden = !hasPlane(app);
    summary.hidden = hasPlane(app);
    if (looked) {
      copyCanvas(looked.canvas, ground);
      caption.textContent = looked.name;
      return;
    }
    if (!hasPlane(app)) caption.textContent = data.regression ? "" : "Confusion matrix of the test records";
    if (!hasPlane(app) || !frame?.arrays.boundary) return;
    caption.textContent = data.regression ? "The network's prediction" : "The network's output";
    const { boundary } = frame.arrays;
    drawBoundary(ground, boundary, null, palette, discrete.checked, data.range);
  }

  function drawPoints() {
    const { data, palette } = app;
    if (!hasPlane(app)) return;
    const width = plane.clientWidth;
    const height = plane.clientHeight;
    const context = sharp(points, width, height);
    const place = (x, y) => [((x - data.x[0]) / (data.x[1] - data.x[0])) * width, (1 - (y - data.y[0]) / (data.y[1] - data.y[0])) * height];
    const sets = [["test", showTest.checked], ["train", true]];
    for (const [name, shown] of sets) {
      const at = data.arrays[`${name}_x`];
      const labels = data.arrays[`${name}_y`]?.data;
      if (!at || !shown) continue;
      for (let i = 0; i < at.shape[0]; i++) {
        const [px, py] = place(at.data[2 * i], at.data[2 * i + 1]);
        context.beginPath();
        context.arc(px, py, name === "train" ? 3 : 2.6, 0, 7);
        const color = pointColor(data, labels[i], palette);
        context.fillStyle = name === "train" ? color : palette.card;
        context.strokeStyle = name === "train" ? palette.card : color;
        context.lineWidth = name === "train" ? 1 : 1.5;
        context.fill();
        context.stroke();
      }
    }
  }

  function describe() {
    const { data, palette } = app;
    fill(axes.x, h("i", {}, axisNumber(data.x?.[0])), data.axes?.[0] ?? "x1", h("i", {}, axisNumber(data.x?.[1])));
    fill(axes.y, h("i", {}, axisNumber(data.y?.[1])), h("b", {}, data.axes?.[1] ?? "x2"), h("i", {}, axisNumber(data.y?.[0])));
    const marks = data.regression
      ? [h("span", { class: "ramp" }), h("span", {}, `${brief(data.range[0], 1)} … ${brief(data.range[1], 1)}`)]
      : (data.classes ?? []).map((name, i) => {
          const dot = h("i", { class: "dot" });
          dot.style.background = palette.ofClass(i);
          return h("span", { class: "entry" }, dot, /^\d+$/.test(name) ? `class ${name}` : name);
        });
    fill(legend, marks);
    drawPoints();
  }

  new ResizeObserver(drawPoints).observe(plane);
  return {
    element,
    plane: { ground, points },
    data() {
      looked = null;
      drawGround();
      describe();
      fill(summary, hasPlane(app) ? [] : tableNote(app));
    },
    state() {
      chart.state(app.state);
    },
    frame(frame) {
      fillNumbers(numbers, frame, ghostName(app));
      chart.frame(frame);
      if (looked) copyCanvas(looked.canvas, ground);
      else drawGround();
      if (!hasPlane(app) && frame.arrays.confusion) drawConfusionInto(summary, app);
    },
    history: chart.history,
    theme() {
      drawGround();
      describe();
      chart.draw();
    },
    look(canvas, name) {
      looked = canvas && hasPlane(app) ? { canvas, name } : null;
      plane.classList.toggle("looked", Boolean(looked));
      drawGround();
    },
    chart,
  };
}

const hasPlane = ({ data }) => Boolean(data?.x && data?.arrays.train_x);
const axisNumber = (value) => (value == null ? "" : brief(value, 1));

function copyCanvas(from, to) {
  to.image = null;
  to.width = from.width;
  to.height = from.height;
  to.getContext("2d").drawImage(from, 0, 0);
}

/** Return a point's colour: its class, or its quantity between orange and blue. */
function pointColor(data, label, palette) {
  if (!data.regression) return palette.ofClass(label);
  const [low, high] = data.range;
  return cssColor(palette.at((label - low) / (high - low || 1)));
}

/** Draw predictions over the plane: one value per place, or one probability per class, of which `unit` picks one. */
function drawBoundary(canvas, { data, shape }, unit, palette, discrete = false, range = null) {
  const size = shape.at(-1);
  const [image, pixels] = sheet(canvas, size, size);
  const area = size * size;
  if (shape.length === 3 && shape[0] > 2 && unit == null) mixClasses(pixels, data, shape[0], area, palette, discrete);
  else {
    const from = shape.length === 3 ? (unit ?? 1) * area : 0;
    const [low, high] = range ?? [0, 1];
    const scale = 255 / (high - low || 1);
    const colors = unit == null ? palette.ground : palette.signed;
    for (let i = 0; i < area; i++) {
      let level = (data[from + i] - low) * scale;
      if (discrete && !range) level = level < 127.5 ? 0 : 255;
      pixels[i] = Number.isFinite(level) ? colors[level < 0 ? 0 : level > 255 ? 255 : level | 0] : 0;
    }
  }
  canvas.context.putImageData(image, 0, 0);
}

/** Mix the classes' colours by their probabilities: what is unsure is pale. */
function mixClasses(pixels, data, classes, area, palette, discrete) {
  for (let i = 0; i < area; i++) {
    let best = 0;
    for (let k = 1; k < classes; k++) if (data[k * area + i] > data[best * area + i]) best = k;
    const sure = discrete ? 0.55 : Math.max(0, (data[best * area + i] - 1 / classes) / (1 - 1 / classes)) * 0.6;
    pixels[i] = packed(mixed(palette.middle, palette.classes[best % palette.classes.length], sure));
  }
}

/** Say what runs beside: the same network without the mistake, or with our functions in the place of the learner's. */
const ghostName = ({ state }) => (state.broken ? "Without the mistake" : "With our functions");

/** Show losses and accuracies, train beside test, and the run without the mistake. */
function fillNumbers(list, frame, ghost) {
  const percent = (value) => (value == null ? null : `${value === 1 ? "100" : (100 * value).toFixed(1)} %`);
  const entries = [
    ["Training loss", brief(frame.loss_train), percent(frame.accuracy_train), "train"],
    ["Test loss", brief(frame.loss_test), percent(frame.accuracy_test), "test"],
    frame.ghost && [ghost, brief(frame.ghost.loss_test ?? frame.ghost.loss_train), percent(frame.ghost.accuracy_test), "ghost"],
  ].filter(Boolean);
  if (list.children.length !== entries.length) fill(list, entries.map(([name, , , kind]) => h("div", { class: kind }, h("dt", {}, name), h("dd", {}, h("b"), h("span")))));
  entries.forEach(([name, loss, accuracy], i) => {
    list.children[i].firstChild.textContent = name;
    const [number, share] = list.children[i].lastChild.children;
    number.textContent = loss;
    share.textContent = accuracy ? `${accuracy} right` : "";
  });
}

function tableNote({ data }) {
  return h("p", { class: "note" }, data.regression
    ? "A plane is drawn when the network sees two inputs: choose two above the inputs."
    : "Rows: what it is. Columns: what the network says." + (data.images ? "" : " A plane is drawn when the network sees two inputs."));
}
