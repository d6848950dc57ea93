// A field to draw into, with mouse, finger or keys, at the data's own resolution.

function drawField(app) {
  const canvas = h("canvas", {
    class: "pixels drawing",
    tabindex: 0,
    role: "application",
    "aria-label": "Drawing field. Draw with the mouse or a finger; with keys: arrows move, Enter paints, Backspace clears a pixel.",
  });
  const answer = h("ol", { class: "bars", "aria-live": "polite", "aria-label": "What the network says" });
  const clear = h("button", { type: "button", class: "quiet", onclick: () => (values.fill(0), redraw()) }, "Clear");
  const element = h("div", { class: "draw" }, h("div", {}, canvas, h("p", {}, clear)), answer);
  let [height, width] = [8, 8];
  let values = new Float32Array(64);
  let cursor = null;
  let last = null;
  const ask = settled(() => app.send({ type: "classify", pixels: Array.from(values, (v) => Number(v.toFixed(3))) }), 50);

  function redraw() {
    drawGrey(canvas, values.map((value) => value * 255), height, width);
    if (cursor) {
      canvas.context.strokeStyle = cssColor(app.palette.positive);
      canvas.context.lineWidth = 0.3;
      canvas.context.strokeRect(cursor[0] + 0.15, cursor[1] + 0.15, 0.7, 0.7);
    }
    if (values.some((value) => value > 0)) ask();
    else fill(answer, h("li", { class: "note" }, "Draw something."));
  }

  /** Paint a soft round spot: a pixel gets what the pen's round tip covers of it. */
  function spot(x, y) {
    const radius = Math.max(0.75, width / 16);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
        const ink = Math.max(0, Math.min(1, radius + 0.5 - distance));
        values[row * width + column] = Math.max(values[row * width + column], ink);
      }
    }
  }

  function place(event) {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height];
  }

  function stroke(to) {
    const from = last ?? to;
    const steps = Math.max(1, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) * 4));
    for (let i = 0; i <= steps; i++) spot(from[0] + ((to[0] - from[0]) * i) / steps, from[1] + ((to[1] - from[1]) * i) / steps);
    last = to;
    redraw();
  }

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    cursor = null;
    last = null;
    stroke(place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.buttons) stroke(place(event));
  });
  canvas.addEventListener("pointerup", () => (last = null));
  canvas.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!by && !["Enter", " ", "Backspace", "Delete"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    cursor ??= [Math.floor(width / 2), Math.floor(height / 2)];
    if (by) cursor = [Math.max(0, Math.min(width - 1, cursor[0] + by[0])), Math.max(0, Math.min(height - 1, cursor[1] + by[1]))];
    else values[cursor[1] * width + cursor[0]] = event.key === "Enter" || event.key === " " ? 1 : 0;
    redraw();
  });

  return {
    element,
    data({ images }) {
      if (values.length !== images.shape[0] * images.shape[1]) values = new Float32Array(images.shape[0] * images.shape[1]);
      [height, width] = images.shape;
      redraw();
    },
    prediction({ probabilities }) {
      const order = probabilities.map((share, i) => [share, i]).sort((a, b) => b[0] - a[0]).slice(0, 5);
      fill(answer, order.map(([share, i]) => {
        const bar = h("span", { class: "bar" });
        bar.style.width = `${Math.round(share * 100)}%`;
        return h("li", {}, h("b", {}, app.data.classes[i]), h("span", { class: "track" }, bar), h("span", { class: "number" }, `${Math.round(share * 100)} %`));
      }));
    },
  };
}
