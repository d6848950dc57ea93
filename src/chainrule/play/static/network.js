// The network: a heat map in each neuron, edges with signed width, and the buttons that change its layers.

const MOST_SHOWN = 10;
const NARROWEST = 58; // between two layers
const MARGIN = { top: 64, bottom: 10, left: 118, right: 30 };

/** Return each layer's weights and biases as views of the flat array of a frame: [{w, b, rows, columns}, …]. */
function layersOf(flat, sizes) {
  const layers = [];
  let at = 0;
  for (let layer = 1; layer < sizes.length; layer++) {
    const [rows, columns] = [sizes[layer], sizes[layer - 1]];
    layers.push({ w: flat.subarray(at, at + rows * columns), b: flat.subarray(at + rows * columns, at + rows * columns + rows), rows, columns });
    at += rows * columns + rows;
  }
  return layers;
}

function network(app) {
  const edges = svg("svg", { class: "edges", "aria-hidden": "true" });
  const marks = svg("svg", { class: "marks", "aria-hidden": "true" });
  const nodes = h("div", { class: "nodes" });
  const heads = h("div", { class: "heads" });
  const tip = h("div", { class: "tip", hidden: true });
  const stage = h("div", { class: "stage" }, edges, heads, nodes, marks, tip);
  const group = controlGroup(app, "The network", (setting) => setting.group === "network");
  const element = h("section", { class: "network", "aria-label": "The network" }, h("div", { class: "network-bar" }, layerButtons(app), group.element), h("div", { class: "stage-box" }, stage));
  const inspector = inspect(app, stage);
  let picture = null; // what is drawn: {columns, lines, sizes}
  let key = "";
  let step = null; // of one record's way through the network

  /** Draw anew what depends on sizes, names and the width of the stage. */
  function layOut() {
    const { state, data } = app;
    if (!state?.shape || !data || !stage.clientWidth) return;
    const now = JSON.stringify([state.shape, state.settings.by_hand, data.classes, data.features, data.available, stage.clientWidth, stage.clientHeight, data.kind]);
    if (now === key) return;
    key = now;
    stage.style.minWidth = `${MARGIN.left + MARGIN.right + NARROWEST * (state.shape.layers.length - 1)}px`; // else it scrolls
    picture = placed(state.shape.layers, inputsOf(app), stage.clientWidth, stage.clientHeight);
    const focused = element.contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
    tip.hidden = true;
    fill(heads, picture.columns.map((column, layer) => head(app, column, layer, picture.gap)));
    fill(nodes, picture.columns.flatMap((column) => column.places.map((place) => neuron(app, place, inspector))));
    picture.lines = lines(picture, app, tip, inspector);
    fill(edges, picture.lines.map((line) => line.path), picture.lines.map((line) => line.reach));
    if (focused) element.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
    draw();
    drawInputs();
    record(step?.shape.join() === state.shape.layers.join() ? step : null);
  }

  function record(shown) {
    step = shown;
    showRecord(picture, marks, app, step, element, draw);
  }

  function draw() {
    const { frame, palette } = app;
    if (!picture || !frame?.arrays.weights) return;
    const { sizes } = picture;
    const flat = frame.arrays.weights.data;
    if (flat.length !== count(sizes)) return;
    const weights = layersOf(flat, sizes);
    picture.weights = weights;
    picture.gradients = frame.arrays.gradients && layersOf(frame.arrays.gradients.data, sizes);
    for (const line of picture.lines) paint(line, weights[line.layer - 1].w[line.row * line.columns + line.column], palette);
    drawHidden(picture, frame, app);
    inspector.update(picture);
    tip.refresh?.();
  }

  function drawInputs() {
    if (!picture) return;
    const heat = app.data.arrays.feature_heat;
    for (const place of picture.columns[0].places) {
      const at = heat && heat.shape[0] === app.data.available?.length ? app.data.available.indexOf(place.name) : place.feature;
      if (heat && at >= 0) drawHeat(place.canvas, heatOf(heat, at), heat.shape[1], app.palette);
      else if (app.data.images && app.data.arrays.samples) {
        const [height, width] = app.data.images.shape;
        drawGrey(place.canvas, app.data.arrays.samples.data.subarray(0, height * width), height, width);
      } else blank(place.canvas, app.palette);
    }
  }

  new ResizeObserver(layOut).observe(stage);
  return {
    element,
    catalog: group.catalog,
    error: group.error,
    state(state) {
      group.state(state);
      layOut();
    },
    data: () => {
      layOut();
      drawInputs();
    },
    frame: draw,
    theme: () => (draw(), drawInputs(), record(step)),
    record,
    get picture() {
      return picture;
    },
  };
}

const heatOf = (heat, index) => heat.data.subarray(index * heat.shape[1] * heat.shape[2], (index + 1) * heat.shape[1] * heat.shape[2]);

function count(sizes) {
  return sizes.slice(1).reduce((sum, rows, i) => sum + rows * (sizes[i] + 1), 0);
}

/** Draw the hidden neurons: what each says over the plane; of images, the first layer's weights. */
function drawHidden(picture, { arrays }, { palette }) {
  let before = 0;
  picture.columns.slice(1, -1).forEach((column, at) => {
    for (const place of column.places) {
      if (arrays.heat) drawHeat(place.canvas, heatOf(arrays.heat, before + place.unit), arrays.heat.shape[1], palette);
      else if (at === 0 && arrays.first) drawSigned(place.canvas, heatOf(arrays.first, place.unit), arrays.first.shape[1], arrays.first.shape[2], palette);
      else blank(place.canvas, palette);
    }
    before += column.size;
  });
  const last = picture.columns.at(-1);
  for (const place of last.places) {
    const { boundary } = arrays;
    if (!boundary) blank(place.canvas, palette);
    else drawBoundary(place.canvas, boundary, place.unit, palette);
  }
}

function blank(canvas, palette) {
  const [image, pixels] = sheet(canvas, 1, 1);
  pixels[0] = palette.signed[128];
  canvas.context.putImageData(image, 0, 0);
}

/** The row above the network: how many hidden layers. */
function layerButtons(app) {
  const change = (by) => {
    const { hidden, activation } = app.state.settings;
    const sizes = by > 0 ? [...hidden, hidden.at(-1) ?? 4] : hidden.slice(0, -1);
    const names = by > 0 ? [...activation, activation.at(-1) ?? "tanh"] : activation.slice(0, -1);
    app.set({ hidden: sizes, activation: names });
  };
  const button = (name, words, by) =>
    h("button", { type: "button", class: "small", title: words, "aria-label": words, onclick: () => change(by) }, icon(name));
  const label = h("span", { class: "how-many" });
  app.on("state", ({ settings: { hidden, by_hand: byHand } }) => {
    label.textContent = hidden.length === 1 ? "1 hidden layer" : `${hidden.length} hidden layers`;
    fewer.disabled = byHand || hidden.length === 0;
    more.disabled = byHand || hidden.length >= (app.catalog?.limits?.layers ?? 8);
  });
  const [fewer, more] = [button("minus", "One layer fewer", -1), button("plus", "One layer more", 1)];
  return h("div", { class: "layer-buttons", role: "group", "aria-label": "Hidden layers" }, fewer, label, more);
}
