// Controls made from the catalog: a new registry entry or setting shows up without a change here.

/** Return {element, show(value, settings), fail(message)} for one setting; what the person chooses goes to `app.set`. */
function control(setting, app) {
  const make = { choice: choiceControl, number: numberControl, integer: numberControl, flag: flagControl }[setting.kind];
  const id = uniqueId();
  const parts = make(setting, id, (value) => {
    clear();
    app.set({ [setting.name]: value });
  });
  const problem = h("p", { class: "problem", role: "alert", id: `${id}-problem` });
  parts.field.setAttribute("aria-describedby", problem.id);
  const element = h("div", { class: `control ${setting.kind}`, title: setting.help, "data-setting": setting.name }, parts.nodes, problem);
  let last;
  function clear() {
    problem.textContent = "";
    element.classList.remove("wrong");
  }

  return {
    element,
    show(value, settings) {
      element.hidden = !relevant(setting, settings);
      if (value !== last) clear(); // what was refused stays explained until there is another value
      last = value;
      if (!parts.busy?.()) parts.show(value);
    },
    fail(message) {
      problem.textContent = message;
      element.classList.add("wrong");
    },
  };
}

/** Say whether a setting matters beside the others: momentum only with an optimizer that has it. */
function relevant(setting, settings) {
  return Object.entries(setting.when ?? {}).every(([other, values]) =>
    values === "positive" ? settings[other] > 0 : values.includes(settings[other]));
}

function choiceControl(setting, id, change) {
  const options = setting.choices.map((name) => h("option", { value: name }, words(name)));
  const field = h("select", { id, onchange: () => change(field.value) }, options);
  return {
    field,
    nodes: [h("label", { for: id }, setting.label), field],
    show: (value) => (field.value = value),
  };
}

/** Registry names as words: `cross_entropy` is read as "cross entropy". */
function words(name) {
  return String(name).replaceAll("_", " ") || "default";
}

function flagControl(setting, id, change) {
  const field = h("input", { type: "checkbox", id, onchange: () => change(field.checked) });
  return { field, nodes: [h("label", { for: id }, field, setting.label)], show: (value) => (field.checked = value) };
}

/** A field for the exact number, and a slider below it for trying. */
function numberControl(setting, id, change) {
  const places = positions(setting);
  const field = h("input", { type: "text", inputmode: "decimal", id, autocomplete: "off", spellcheck: "false" });
  const slider = h("input", { type: "range", min: 0, max: places.length - 1, step: 1, "aria-label": `${setting.label}, slider` });
  const send = settled((value) => change(value), 60);
  let typing = false; // what is being written is not overwritten by a message that comes in between
  field.addEventListener("input", () => (typing = true));
  field.addEventListener("blur", () => (typing = false));
  field.addEventListener("change", () => {
    typing = false;
    change(typed(field.value));
  });
  slider.addEventListener("input", () => {
    field.value = places[slider.value];
    send(places[slider.value]);
  });
  const show = (value) => {
    field.value = value;
    slider.value = nearest(places, value);
    slider.setAttribute("aria-valuetext", String(value));
  };
  const nodes = [h("div", { class: "line" }, h("label", { for: id }, setting.label), field)];
  if (places.length > 1) nodes.push(slider);
  if (setting.name.endsWith("seed")) nodes[0].append(diceButton(change));
  return { field, nodes, show, busy: () => typing || slider.matches(":active") };
}

function diceButton(change) {
  const roll = () => change(Math.floor(Math.random() * 10000));
  return h("button", { class: "quiet", type: "button", title: "Another seed: other data, other weights", "aria-label": "Another seed", onclick: roll }, icon("dice"));
}

/** Read a number as a person writes it; what is none goes to Python as the text, which says what is wrong with it. */
function typed(text) {
  const number = Number(text.trim().replace(",", ".").replace("−", "-"));
  return text.trim() === "" || Number.isNaN(number) ? text : number;
}

/** Return the values that a slider stops at; [] for a number without bounds, such as a seed. */
function positions({ kind, low, high, scale, values }) {
  if (values?.length) return values;
  if (low == null || high == null || (kind === "integer" && high - low > 1000)) return [];
  if (scale === "log") {
    const from = Math.log10(low || high * 1e-6);
    const stops = Array.from({ length: 61 }, (_, i) => Number((10 ** (from + ((Math.log10(high) - from) * i) / 60)).toPrecision(2)));
    return low === 0 ? [0, ...stops] : stops;
  }
  const count = kind === "integer" ? high - low : 100;
  return Array.from({ length: count + 1 }, (_, i) => Number((low + ((high - low) * i) / count).toPrecision(6)));
}

function nearest(places, value) {
  let best = 0;
  places.forEach((place, i) => {
    if (Math.abs(place - value) < Math.abs(places[best] - value)) best = i;
  });
  return best;
}

/** All controls of a group, in the catalog's order, kept up to date. */
function controlGroup(app, label, belongs) {
  const element = h("div", { class: "controls", role: "group", "aria-label": label });
  let controls = {};
  return {
    element,
    catalog({ settings }) {
      const shown = settings.filter((setting) => belongs(setting) && ["choice", "number", "integer", "flag"].includes(setting.kind));
      controls = Object.fromEntries(shown.map((setting) => [setting.name, control(setting, app)]));
      fill(element, Object.values(controls).map((one) => one.element));
    },
    state({ settings }) {
      for (const [name, one] of Object.entries(controls)) one.show(settings[name], settings);
    },
    error({ field, message }) {
      controls[field]?.fail(message);
      return field in controls;
    },
  };
}
