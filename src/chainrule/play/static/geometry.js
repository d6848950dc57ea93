// Where the neurons are, and the lines between them.

/** Return the inputs that are drawn: of points all that can be chosen, else the chosen ones; of images one, the image. */
function inputsOf({ data }) {
  if (data.images) return [{ name: `${data.images.shape.join(" × ")} pixels`, feature: -1, chosen: true }];
  const names = data.available && data.available.length <= MOST_SHOWN ? data.available : data.features;
  return names.map((name) => ({ name, feature: data.features.indexOf(name), chosen: data.features.includes(name) }));
}

/** Return the columns of neurons with their places, for layers of these sizes in a stage of this size. */
function placed(sizes, inputs, width, height) {
  const left = inputs.every(({ name }) => name.length < 10) ? 84 : MARGIN.left;
  const right = sizes.at(-1) > 1 ? MARGIN.right + 52 : MARGIN.right;
  const gap = (width - left - right) / (sizes.length - 1);
  const columns = sizes.map((size, layer) => {
    const units = layer ? Array.from({ length: Math.min(size, MOST_SHOWN) }, (_, unit) => ({ unit })) : inputs.slice(0, MOST_SHOWN);
    const room = (height - MARGIN.top - MARGIN.bottom) / Math.max(units.length, 4);
    const side = Math.round(Math.max(16, Math.min(44, room - 8, gap * 0.55)));
    const pitch = Math.min(room, side * 1.6);
    const middle = MARGIN.top + (height - MARGIN.top - MARGIN.bottom) / 2;
    const x = left + layer * gap;
    const places = units.map((unit, i) => ({
      unit: layer ? i : (unit.feature ?? i),
      ...unit,
      layer,
      x,
      y: middle + (i - (units.length - 1) / 2) * pitch,
      side,
      canvas: h("canvas", { width: 1, height: 1, "aria-hidden": "true" }),
    }));
    const total = layer ? size : inputs.length;
    return { x, layer, size, places, hiddenUnits: total - units.length, isOutput: layer === sizes.length - 1 };
  });
  return { columns, sizes, width, height, gap };
}

/** Return the edges between the neurons that are drawn; an image's pixels have no edges of their own. */
function lines(picture, app, tip, inspector) {
  const all = [];
  for (const column of picture.columns.slice(1)) {
    const sources = picture.columns[column.layer - 1].places;
    for (const to of column.places) {
      for (const from of sources) {
        const bundle = from.layer === 0 && app.data.images;
        if (from.layer === 0 && !bundle && from.feature < 0) continue;
        const d = curve(from, to);
        const line = {
          layer: column.layer,
          row: to.unit,
          column: from.layer === 0 ? Math.max(0, from.feature) : from.unit,
          columns: picture.sizes[column.layer - 1],
          from,
          to,
          bundle,
          d,
          path: svg("path", { d, class: bundle ? "bundle" : "edge" }),
        };
        line.reach = svg("path", { d, class: "reach" });
        if (!bundle) listen(line, tip, picture, inspector);
        all.push(line);
      }
    }
  }
  return all;
}

function curve(from, to) {
  const [x1, x2] = [from.x + from.side / 2, to.x - to.side / 2];
  const bend = (x2 - x1) * 0.45;
  return `M${x1} ${from.y}C${x1 + bend} ${from.y} ${x2 - bend} ${to.y} ${x2} ${to.y}`;
}

/** Give an edge its colour and width, and only touch the page where they changed visibly. */
function paint(line, value, palette) {
  if (line.bundle) return;
  if (Number.isNaN(value)) return paintNothing(line, palette);
  const strength = Math.round(Math.min(1, Math.log1p(Math.abs(value) * 2) / 2.4) * 24);
  const look = value < 0 ? -strength - 1 : strength;
  if (line.look === look && line.shade === palette.shade) return;
  line.look = look;
  line.shade = palette.shade;
  line.width = 0.6 + strength * 0.27;
  line.color = cssColor(value < 0 ? palette.negative : palette.positive);
  line.path.setAttribute("style", `stroke:${line.color};stroke-width:${line.width};opacity:${0.3 + strength / 34}`);
}

/** A weight that is no number any more. */
function paintNothing(line, palette) {
  line.look = NaN;
  [line.width, line.color] = [1, palette.faint];
  line.path.setAttribute("style", `stroke:${palette.faint};stroke-width:1;stroke-dasharray:2 5`);
}

/** Show an edge's weight and gradient under the pointer; a click opens the neuron's weights to edit. */
function listen(line, tip, picture, inspector) {
  const { reach, from, to } = line;
  tip.refresh = () => {};
  const write = () => {
    const at = line.row * line.columns + line.column;
    const weight = picture.weights?.[line.layer - 1].w[at];
    const gradient = picture.gradients?.[line.layer - 1].w[at];
    fill(tip, h("b", {}, `${sourceName(from)} → ${targetName(picture, to)}`), h("span", {}, `weight ${brief(weight)}`), h("span", {}, `gradient ${brief(gradient, 4)}`), h("small", {}, "click to edit"));
  };
  reach.addEventListener("pointerenter", () => {
    tip.refresh = write;
    write();
    tip.style.left = `${Math.min(picture.width - 150, (from.x + to.x) / 2 + 10)}px`;
    tip.style.top = `${(from.y + to.y) / 2 + 20}px`;
    tip.hidden = false;
    line.path.classList.add("near");
  });
  reach.addEventListener("pointerleave", () => {
    tip.hidden = true;
    tip.refresh = () => {};
    line.path.classList.remove("near");
  });
  reach.addEventListener("click", () => inspector.open(to, line.column));
}

function sourceName(place) {
  return place.layer === 0 ? place.name : `layer ${place.layer}, neuron ${place.unit + 1}`;
}

function targetName(picture, place) {
  const last = picture.columns.length - 1;
  if (place.layer === last) return picture.columns[last].size > 1 ? `output ${place.unit + 1}` : "output";
  return `layer ${place.layer}, neuron ${place.unit + 1}`;
}
