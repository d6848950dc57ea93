// Two planes beside each other: what the run says, and what its ghost, the same run without the mistake, says.

function beside(app) {
  const planes = ["boundary", "ghost_boundary"].map((name) => {
    const [ground, points, caption] = [h("canvas", { width: 1, height: 1 }), h("canvas", { width: 1, height: 1 }), h("figcaption")];
    const picture = h("div", { class: "plane", role: "img" }, ground, points);
    return { name, ground, points, caption, picture, element: h("figure", {}, picture, caption) };
  });
  const element = h("div", { class: "beside", hidden: true }, planes.map((plane) => plane.element));

  return {
    element,
    frame({ arrays }) {
      element.hidden = !arrays.ghost_boundary || !hasPlane(app);
      if (element.hidden || !element.offsetParent) return;
      const names = app.state.broken ? ["with the mistake", "without it"] : ["with your functions", "with ours"];
      planes.forEach(({ name, ground, points, caption, picture }, i) => {
        drawBoundary(ground, arrays[name], null, app.palette, false, app.data.range);
        copyCanvas(app.parts.output.plane.points, points);
        if (caption.textContent === names[i]) return;
        caption.textContent = names[i];
        picture.setAttribute("aria-label", `What the network says over the plane, ${names[i]}`);
      });
    },
  };
}
