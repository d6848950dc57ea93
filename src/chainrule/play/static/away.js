// Take it away: a link, the picture, and the run as a NumPy or a PyTorch script.

function awayTab(app) {
  const link = h("input", { type: "text", readonly: true, "aria-label": "What restores everything", onfocus: () => link.select() });
  const code = h("pre", { class: "code", tabindex: 0, "aria-label": "The script" });
  const altered = h("p", { class: "note", hidden: true }, "Something was changed while it learned: from the beginning, the same settings lead elsewhere. Reset for a run that can be repeated.");
  const status = h("p", { class: "note", "aria-live": "polite" });
  const act = h("div", { class: "actions", hidden: true });
  const ask = (kind) => app.send({ type: "export", kind });
  const button = (words, action) => h("button", { type: "button", onclick: action }, words);
  const copy = async (text, what) => {
    await copyText(text);
    status.textContent = `${what} copied.`;
  };

  return {
    name: "Take it away",
    element: h("div", { class: "away-tab" },
      h("div", { class: "ways" },
        h("label", {}, app.home === "server" ? "A link that restores the whole state" : "A line that restores the whole state", link),
        h("p", {}, button("Copy it", () => copy(link.value, "Link")), button("Save the picture (PNG)", () => savePicture(app))),
        h("p", {}, button("As a NumPy script", () => ask("numpy")), button("As a PyTorch script", () => ask("pytorch"))),
        h("p", { class: "note" }, "The scripts run without chainrule and reach the same numbers."), altered, status),
      h("div", { class: "script" }, act, code)),
    state({ link: fragment, altered: changed }) {
      const address = `${location.origin}${location.pathname}${location.search}#${fragment}`;
      link.value = app.home === "server" ? address : `chainrule.playground(link=${JSON.stringify(fragment)})`;
      altered.hidden = !changed;
    },
    exported({ name, text }) {
      code.textContent = text;
      act.hidden = false;
      status.textContent = `${name}: ${text.split("\n").length} lines.`;
      fill(act, h("b", {}, name), button("Copy", () => copy(text, "Script")), button("Download", () => saveAs(new Blob([text], { type: "text/x-python" }), name)));
    },
  };
}

/** Draw what is on the page into one picture: network, plane, curves and a line of words. */
function savePicture(app) {
  const { picture } = app.parts.network;
  const { ground, points } = app.parts.output.plane;
  const chart = app.parts.output.chart.canvas;
  const side = 260;
  const canvas = h("canvas");
  const [width, height] = [picture.width + side + 48, Math.max(picture.height, side + 130) + 56];
  canvas.width = 2 * width;
  canvas.height = 2 * height;
  const context = canvas.getContext("2d");
  context.scale(2, 2);
  context.fillStyle = app.palette.card;
  context.fillRect(0, 0, width, height);
  context.translate(12, 0);
  for (const { d, color, width: thick, bundle } of picture.lines) {
    context.strokeStyle = bundle ? app.palette.line : color;
    context.lineWidth = bundle ? 1 : thick;
    context.globalAlpha = 0.8;
    context.stroke(new Path2D(d));
  }
  context.globalAlpha = 1;
  for (const { places } of picture.columns) {
    for (const { canvas: heat, x, y, side: size } of places) context.drawImage(heat, x - size / 2, y - size / 2, size, size);
  }
  context.translate(picture.width + 16, 16);
  context.drawImage(chart, 0, 0, side, 110);
  if (hasPlane(app)) {
    context.drawImage(ground, 0, 130, side, side);
    context.drawImage(points, 0, 130, side, side);
  }
  context.setTransform(2, 0, 0, 2, 0, 0);
  context.fillStyle = app.palette.ink;
  context.font = "14px system-ui, sans-serif";
  context.fillText(captionOf(app), 14, height - 18);
  canvas.toBlob((blob) => saveAs(blob, "chainrule-playground.png"));
}

function captionOf({ state: { settings, shape }, frame }) {
  return `${settings.data}, ${shape.layers.join("–")}, ${settings.optimizer} ${settings.lr}: epoch ${Math.floor(frame?.epoch ?? 0)}, loss ${brief(frame?.loss_train)}, test ${brief(frame?.loss_test)}`;
}
