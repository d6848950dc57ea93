// Images: samples, the first layer's weights, the confusion matrix and a field to draw into.

function imagesTab(app) {
  const samples = h("div", { class: "samples" });
  const first = h("div", { class: "first-weights" });
  const drawing = drawField(app);
  const none = h("p", { class: "note" }, "Choose a dataset of images, such as digits, to see them, the first layer's weights as images, and a field to draw into.");
  const column = (title, ...content) => h("section", {}, h("h3", {}, title), content);
  const parts = h("div", { class: "columns-of-four" },
    column("Draw one", drawing.element),
    column("Samples", h("p", { class: "note" }, "Framed: the network says something else."), samples),
    column("First layer's weights", h("p", { class: "note" }, "Blue: ink here speaks for the neuron; orange: against it."), first));
  let drawn = [];
  let maps = [];

  return {
    name: "Images",
    element: h("div", { class: "images-tab" }, none, parts),
    data({ images, arrays, classes }) {
      none.hidden = Boolean(images);
      parts.hidden = !images;
      maps = [];
      fill(first);
      if (!images || !arrays.samples) return;
      const [height, width] = images.shape;
      const size = height * width;
      const labels = arrays.labels?.data ?? [];
      drawn = Array.from({ length: arrays.samples.shape[0] }, (_, i) => {
        const canvas = h("canvas", { class: "pixels", role: "img", "aria-label": `a ${classes[labels[i]]}` });
        drawGrey(canvas, arrays.samples.data.subarray(i * size, (i + 1) * size), height, width);
        return h("figure", {}, canvas, h("figcaption", {}, classes[labels[i]] ?? ""));
      });
      fill(samples, drawn);
      drawing.data(app.data);
    },
    frame({ arrays }) {
      const { data, palette } = app;
      if (!data?.images) return;
      const labels = data.arrays.labels?.data;
      arrays.prediction?.data.forEach((said, i) => {
        const wrong = said !== labels[i];
        drawn[i]?.classList.toggle("wrong", wrong);
        if (drawn[i]) drawn[i].lastChild.textContent = wrong ? `${data.classes[labels[i]]} → ${data.classes[said]}` : data.classes[labels[i]];
      });
      if (arrays.first) drawMaps(arrays.first, palette);
    },
    prediction: drawing.prediction,
  };

  function drawMaps({ data, shape: [count, height, width] }, palette) {
    if (maps.length !== count) {
      maps = Array.from({ length: count }, (_, i) => h("canvas", { class: "pixels", role: "img", "aria-label": `weights of neuron ${i + 1}` }));
      fill(first, maps);
    }
    maps.forEach((canvas, i) => drawSigned(canvas, data.subarray(i * height * width, (i + 1) * height * width), height, width, palette));
  }
}

/** Show a table of counts, the diagonal (right) in blue and the rest in orange; the cells are made once. */
function drawConfusionInto(box, { data, frame, palette }) {
  const { data: counts, shape: [classes] } = frame.arrays.confusion;
  let table = box.querySelector("table.confusion");
  if (!table || table.rows.length !== classes + 1 || table.dataset.classes !== data.classes.join()) {
    table?.remove();
    const head = h("tr", {}, h("td", { title: "rows: what it is; columns: what the network says" }, "is \\ says"), data.classes.map((name) => h("th", { scope: "col", title: name }, short(name))));
    const rows = data.classes.map((name) => h("tr", {}, h("th", { scope: "row", title: name }, short(name)), data.classes.map(() => h("td", { class: "cell" }))));
    table = h("table", { class: "confusion", "data-classes": data.classes.join(), "aria-label": "Confusion matrix of the test records" }, head, rows);
    box.append(table);
  }
  for (let row = 0; row < classes; row++) {
    let total = 0;
    for (let column = 0; column < classes; column++) total += counts[row * classes + column];
    for (let column = 0; column < classes; column++) {
      const number = counts[row * classes + column];
      const cell = table.rows[row + 1].cells[column + 1];
      if (cell.textContent !== String(number)) cell.textContent = number;
      const share = Math.min(1, number / (total || 1));
      const color = row === column ? palette.positive : palette.negative;
      cell.style.background = number ? `rgb(${color.join(" ")} / ${0.12 + 0.6 * share})` : "";
    }
  }
}

const short = (name) => (name.length > 7 ? `${name.slice(0, 6)}…` : name);
