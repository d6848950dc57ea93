// How the weights and their gradients are spread, layer by layer.

function histogramsTab(app) {
  const grid = h("div", { class: "histograms" });
  let rows = [];
  let open = false;

  function layOut(count) {
    if (rows.length === count) return;
    rows = Array.from({ length: count }, (_, layer) => ["weights", "gradients"].map((what) => {
      const canvas = h("canvas", { role: "img" });
      const caption = h("figcaption");
      return { what, layer, canvas, caption, element: h("figure", {}, h("h3", {}, `Layer ${layer + 1}: ${what}`), canvas, caption) };
    }));
    fill(grid, rows.map((pair) => h("div", { class: "pair" }, pair.map((one) => one.element))));
  }

  function draw() {
    const { histograms } = app.frame?.arrays ?? {};
    const ranges = app.frame?.ranges;
    if (!open || !histograms || !ranges) return;
    const [layers, , bins] = histograms.shape;
    layOut(layers);
    rows.flat().forEach(({ what, layer, canvas, caption }, i) => {
      const counts = histograms.data.subarray(i * bins, (i + 1) * bins);
      const [low, high] = ranges[layer][what === "weights" ? 0 : 1];
      bars(canvas, counts, low, high, app.palette);
      const words = `${brief(low)} to ${brief(high)}`;
      caption.textContent = words;
      canvas.setAttribute("aria-label", `${what} of layer ${layer + 1}, ${words}`);
    });
  }

  return {
    name: "Histograms",
    element: h("div", {}, h("p", { class: "note" }, "Weights and biases of each layer, and the last step's gradients. A layer whose gradients are all close to zero learns nothing; one whose weights run off is about to diverge."), grid),
    open: () => ((open = true), draw()),
    close: () => (open = false),
    frame: draw,
    theme: draw,
  };
}

function bars(canvas, counts, low, high, palette) {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const context = sharp(canvas, width, height);
  const most = Math.max(1, ...counts);
  const step = width / counts.length;
  counts.forEach((count, i) => {
    const middle = low + ((i + 0.5) / counts.length) * (high - low);
    context.fillStyle = cssColor(middle < 0 ? palette.negative : palette.positive);
    const tall = (count / most) * (height - 4);
    context.fillRect(i * step + 0.5, height - 1 - tall, step - 1, tall);
  });
  context.fillStyle = palette.line;
  context.fillRect(0, height - 1, width, 1);
  if (low < 0 && high > 0) {
    context.fillStyle = palette.faint;
    context.fillRect((-low / (high - low)) * width, 0, 1, height);
  }
}
