// One neuron, what stands above a layer, and the small table in which a neuron's weights are read and edited.

/** Return a neuron's button: looking at it shows its heat map large, pressing it its weights. */
function neuron(app, place, inspector) {
  const { layer } = place;
  const last = app.state.shape.layers.length - 1;
  const name = layer === 0 ? place.name : targetName({ columns: app.state.shape.layers.map((size) => ({ size })) }, place);
  const look = () => app.look(place.canvas, name);
  const press = layer === 0 ? () => toggleFeature(app, place) : () => inspector.open(place);
  const toggles = layer === 0 && app.data.available?.length > 1 && !app.data.images;
  const what = layer === 0 ? (toggles ? `Input ${name}` : `Input ${name}`) : `${name}: its weights`;
  const button = h("button", {
    type: "button",
    class: `neuron ${layer === 0 ? "input" : layer === last ? "output" : "hidden-unit"} ${layer === 0 && !place.chosen ? "off" : ""}`,
    style: `left:${place.x}px;top:${place.y}px;width:${place.side}px;height:${place.side}px`,
    "aria-label": what,
    "aria-pressed": toggles ? String(place.chosen) : null,
    title: layer === 0 ? (toggles ? `${name}: click to use it or not` : name) : null,
    onclick: press,
    onpointerenter: look,
    onpointerleave: () => app.look(null),
    onfocus: look,
    onblur: () => app.look(null),
  }, place.canvas);
  place.button = button;
  if (layer === last && last > 0 && app.state.shape.layers[last] > 1) {
    return [button, h("span", { class: "class-name", style: `left:${place.x + place.side / 2 + 6}px;top:${place.y}px` }, app.data.classes?.[place.unit] ?? "")];
  }
  if (layer !== 0) return [button];
  return [h("span", { class: "input-name", style: `right:calc(100% - ${place.x - place.side / 2 - 7}px);top:${place.y}px` }, words(name)), button];
}

/** Use an input or not; the last one stays. */
function toggleFeature(app, { name, chosen }) {
  const { features, available } = app.data;
  if (app.data.images || !available) return;
  const wanted = chosen ? features.filter((one) => one !== name) : available.filter((one) => one === name || features.includes(one));
  if (wanted.length) app.set({ features: wanted });
  else app.say("the network needs at least one input");
}

/** Return what stands above a column: the number of neurons with its buttons, and the activation. */
function head(app, column, layer, gap) {
  const { settings } = app.state;
  const style = `left:${column.x}px;width:${Math.min(88, Math.floor(gap) - 3)}px`;
  const more = column.hiddenUnits > 0 ? h("small", {}, `${column.places.length} of ${column.places.length + column.hiddenUnits} shown`) : null;
  if (layer === 0) return h("div", { class: "head first", style: `left:${column.x}px` }, h("span", {}, "Inputs"), featuresButton(app), more);
  if (column.isOutput) return h("div", { class: "head last", style: `left:${column.x}px` }, h("span", {}, "Output"), h("small", {}, app.state.shape.activations?.at(-1)?.replaceAll("_", " ")), more);
  const at = layer - 1;
  const size = settings.hidden[at];
  const most = app.catalog.limits?.neurons ?? 64;
  const resize = (by) => app.set({ hidden: settings.hidden.map((old, i) => (i === at ? old + by : old)) });
  const button = (name, words, by, off) =>
    h("button", { type: "button", class: "small", disabled: off, title: words, "aria-label": `Layer ${layer}: ${words}`, onclick: () => resize(by) }, icon(name));
  const choices = app.catalog.settings.find((setting) => setting.kind === "activations")?.choices ?? [];
  const select = h("select", {
    "aria-label": `Activation of layer ${layer}`,
    onchange: () => app.set({ activation: settings.activation.map((old, i) => (i === at ? select.value : old)) }),
  }, choices.map((name) => h("option", { value: name, selected: name === settings.activation[at] }, words(name))));
  return h("div", { class: "head", style, role: "group", "aria-label": `Layer ${layer}` },
    h("div", { class: "size" }, button("minus", "one neuron fewer", -1, size <= 1), h("b", {}, String(size)), button("plus", "one neuron more", 1, size >= most)),
    settings.by_hand ? h("small", {}, app.state.shape.activations[at]) : select, more);
}

/** Return the button that opens the list of a table's columns, where they are too many to be drawn. */
function featuresButton(app) {
  const { available, features, images } = app.data;
  if (images || !available || available.length <= MOST_SHOWN) return null;
  return h("button", { type: "button", class: "small-text", onclick: open }, `${features.length} of ${available.length} …`);
  function open() {
    const boxes = available.map((name) => h("label", {}, h("input", { type: "checkbox", value: name, checked: features.includes(name) }), name));
    const wanted = () => boxes.map((box) => box.firstChild).filter((box) => box.checked).map((box) => box.value);
    const dialog = h("dialog", { class: "columns", "aria-label": "Inputs", onclose: () => dialog.remove() },
      h("h3", {}, "What the network sees of a record"), h("div", { class: "boxes" }, boxes),
      h("div", { class: "actions" },
        h("button", { type: "button", class: "quiet", onclick: () => boxes.forEach((box) => (box.firstChild.checked = true)) }, "all"),
        h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "Cancel"),
        h("button", { type: "button", class: "main", onclick: () => (wanted().length && app.set({ features: wanted() }), dialog.close()) }, "Use these")));
    app.root.append(dialog);
    dialog.showModal();
  }
}

/** The table of a neuron's weights, with their gradients. */
function inspect(app, stage) {
  const rows = h("tbody");
  const title = h("h3");
  const box = h("div", { class: "inspector", role: "dialog", hidden: true, onkeydown: (event) => event.key === "Escape" && close() },
    h("div", { class: "line" }, title, h("button", { type: "button", class: "quiet", "aria-label": "Close", onclick: () => close() }, "×")),
    h("table", {}, h("thead", {}, h("tr", {}, ["from", "weight", "gradient"].map((name) => h("th", { scope: "col" }, name)))), rows));
  stage.append(box);
  let open = null;

  function close() {
    box.hidden = true;
    open?.place.button?.focus();
    open = null;
  }

  function row(place, name, column) {
    const field = h("input", { type: "text", inputmode: "decimal", "aria-label": `weight from ${name}`, autocomplete: "off" });
    field.addEventListener("change", () => app.send({ type: "weight", layer: place.layer, row: place.unit, column, value: typed(field.value) }));
    const gradient = h("td", { class: "number" });
    return { column, field, gradient, element: h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, field), gradient) };
  }

  return {
    open(place, column) {
      const { picture } = app.parts.network;
      const sources = place.layer === 1 ? (app.data.images ? [] : app.data.features) : null;
      const width = picture.sizes[place.layer - 1];
      const names = sources ?? Array.from({ length: width }, (_, i) => `neuron ${i + 1}`);
      const entries = [...names.map((name, i) => row(place, name, i)), row(place, "bias", null)];
      open = { place, entries };
      title.textContent = targetName(picture, place);
      box.setAttribute("aria-label", `Weights of ${title.textContent}`);
      fill(rows, entries.map((entry) => entry.element));
      box.hidden = false;
      const right = place.x + place.side / 2 + 8;
      box.style.left = `${right + 230 < picture.width ? right : Math.max(0, place.x - place.side / 2 - 236)}px`;
      box.style.top = `${Math.max(0, Math.min(place.y - 40, picture.height - box.offsetHeight))}px`;
      this.update(picture);
      (entries.find((entry) => entry.column === column) ?? entries[0]).field.focus();
    },
    update({ weights, gradients }) {
      if (!open || !weights) return;
      const { layer, unit } = open.place;
      const [own, slopes] = [weights[layer - 1], gradients?.[layer - 1]];
      if (!own || unit >= own.rows) return;
      for (const { column, field, gradient } of open.entries) {
        const pick = (from) => (column == null ? from.b[unit] : from.w[unit * own.columns + column]);
        if (document.activeElement !== field || field.value === "") field.value = Number(pick(own).toPrecision(4));
        gradient.textContent = slopes ? brief(pick(slopes), 4) : "–";
      }
    },
  };
}
