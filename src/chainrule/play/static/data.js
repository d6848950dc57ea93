// The data column: datasets with their pictures, their controls, and one's own CSV, pasted or dropped.

function dataColumn(app) {
  const choices = h("div", { class: "datasets", role: "radiogroup", "aria-label": "Data" });
  const group = controlGroup(app, "About the data", (setting) => setting.group === "data" && setting.name !== "data");
  const note = h("p", { class: "note" });
  const own = h("button", { type: "button", class: "wide", onclick: () => pasteDialog(app) }, "Your own CSV …");
  const element = h("section", { class: "data-column", "aria-label": "Data" }, h("h2", {}, "Data"), choices, own, group.element, note);
  acceptDrops(element, app);

  function move(event) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const all = [...choices.children];
    const next = all[(all.indexOf(event.target) + by + all.length) % all.length];
    next.focus();
    next.click();
  }

  return {
    element,
    catalog(catalog) {
      group.catalog(catalog);
      fill(choices, inOrder(catalog.datasets).map(([name, about]) =>
        h("button", { type: "button", role: "radio", class: "dataset", "data-name": name, title: describe(name, about), onclick: () => app.set({ data: name }), onkeydown: move },
          thumbnail(about, app.palette), h("span", {}, name))));
    },
    state(state) {
      group.state(state);
      for (const button of choices.children) {
        const chosen = button.dataset.name === state.settings.data;
        button.setAttribute("aria-checked", String(chosen));
        button.tabIndex = chosen ? 0 : -1;
      }
      if (![...choices.children].some((button) => button.tabIndex === 0) && choices.firstChild) choices.firstChild.tabIndex = 0;
    },
    data({ sizes, notice, name, classes }) {
      const what = classes?.length ? `${classes.length} classes` : "a quantity";
      note.textContent = [sizes && `${sizes[0]} to learn from, ${sizes[1]} to test; ${what}.`, notice && `${notice}.`].filter(Boolean).join(" ");
      own.classList.toggle("chosen", name === "pasted");
    },
    error: group.error,
    theme() {
      if (app.catalog) for (const button of choices.children) button.firstChild.replaceWith(thumbnail(app.catalog.datasets[button.dataset.name], app.palette));
    },
  };
}

/** Points first, then images, then tables. */
function inOrder(datasets) {
  const order = ["points", "image", "table"];
  return Object.entries(datasets).sort((a, b) => order.indexOf(a[1].kind) - order.indexOf(b[1].kind));
}

function describe(name, { kind, classes, records, features }) {
  if (kind === "points") return `${name}: points in a plane`;
  const what = classes?.length ? `${classes.length} classes` : "a quantity";
  return `${name}: ${records ?? ""} ${kind === "image" ? "images" : `records with ${features.length} columns`}, ${what}`;
}

/** Draw a dataset as a small picture: its points, its first image, or a table's sign. */
function thumbnail({ preview, kind }, palette) {
  const canvas = h("canvas", { class: "thumbnail", "aria-hidden": "true" });
  if (preview?.pixels) drawGrey(canvas, preview.pixels, ...preview.shape);
  else if (preview?.x) {
    const context = sharp(canvas, 40, 40);
    preview.x.forEach((x, i) => {
      context.fillStyle = preview.classes ? palette.ofClass(preview.c[i]) : cssColor(palette.at(preview.c[i]));
      context.beginPath();
      context.arc(3 + x * 34, 37 - preview.y[i] * 34, 1.7, 0, 7);
      context.fill();
    });
  } else return h("span", { class: "thumbnail sign" }, icon("table"));
  if (kind === "image") canvas.classList.add("pixels");
  return canvas;
}

/** Take a CSV file that is dropped on the column. */
function acceptDrops(element, app) {
  element.addEventListener("dragover", (event) => {
    event.preventDefault();
    element.classList.add("over");
  });
  element.addEventListener("dragleave", () => element.classList.remove("over"));
  element.addEventListener("drop", async (event) => {
    event.preventDefault();
    element.classList.remove("over");
    const [file] = event.dataTransfer.files;
    const refused = file ? await readFile(file, app) : sendTable(event.dataTransfer.getData("text"), "dropped", app);
    if (refused) app.say(refused);
  });
}

/** Send a file's table; return why not, or "". */
async function readFile(file, app) {
  return tooLarge(file.size, app) || sendTable(await file.text(), file.name, app);
}

/** Send a table's text; return why not, or "": what is too large is refused here, before it holds up the page. */
function sendTable(text, name, app) {
  const refused = tooLarge(text.length, app);
  if (!refused) app.send({ type: "csv", text, name });
  return refused;
}

function tooLarge(size, app) {
  const most = app.catalog?.longest_paste ?? 2e6;
  const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
  return size > most ? `the table has ${megabytes(size)} MB; at most ${megabytes(most)} MB are taken: leave some rows out` : "";
}

function pasteDialog(app) {
  const id = uniqueId();
  const field = h("textarea", { id, rows: 9, spellcheck: "false", placeholder: "height,width,kind\n1.2,0.4,fern\n0.3,0.9,moss\n…" });
  const file = h("input", { type: "file", accept: ".csv,.tsv,.txt,text/csv", "aria-label": "A CSV file", onchange: async () => done(await readFile(file.files[0], app)) });
  const problem = h("p", { class: "problem", role: "alert" });
  const done = (refused) => (refused ? (problem.textContent = refused) : dialog.close());
  const use = () => field.value.trim() && done(sendTable(field.value, "pasted", app));
  const dialog = h("dialog", { "aria-label": "Your own data", onclose: () => dialog.remove() },
    h("h3", {}, "Your own data"),
    h("label", { for: id }, "Paste a table: a line of names, then one record in each line; the last column is what is learned."), field,
    h("p", {}, "Or choose a file, or drop it on the data column: ", file), problem,
    h("div", { class: "actions" }, h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "Cancel"), h("button", { type: "button", class: "main", onclick: use }, "Use this")));
  field.addEventListener("paste", (event) => {
    const refused = tooLarge(event.clipboardData.getData("text").length, app);
    if (refused) {
      event.preventDefault();
      done(refused);
    }
  });
  app.root.append(dialog);
  dialog.showModal();
  field.focus();
}
