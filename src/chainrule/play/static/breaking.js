// Break it: the catalogue's mistakes as switches, and what check says about the one that is on.

function breakTab(app) {
  const search = h("input", { type: "search", placeholder: "Search: sign, average, zero_grad …", "aria-label": "Search the mistakes", oninput: () => filter() });
  const list = h("ul", { class: "mistakes" });
  const shown = h("div", { class: "finding", "aria-live": "polite" });
  const matches = h("p", { class: "note" });
  const planes = beside(app);
  let entries = [];
  let listed = "";

  const turn = (code) => app.send({ type: "break", code });

  function filter() {
    const parts = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { element, text } of entries) {
      element.hidden = !parts.every((part) => text.includes(part));
      count += !element.hidden;
    }
    matches.textContent = entries.length ? `${count} of ${entries.length} mistakes; those that this network has no part for can't be switched on.` : "Looking which mistakes this network has a part for …";
  }

  function entry({ code, title, symptom, applies, why_not: why }) {
    const button = h("button", { type: "button", role: "switch", "aria-checked": "false", disabled: !applies, onclick: () => turn(button.getAttribute("aria-checked") === "true" ? "" : code) },
      h("span", { class: "knob" }), h("span", {}, h("b", {}, title), h("small", {}, applies ? symptom : why || symptom)), h("code", {}, code));
    button.dataset.code = code;
    return { code, button, text: `${code} ${title} ${symptom}`.toLowerCase(), element: h("li", {}, button) };
  }

  function mistakes(all) {
    const now = JSON.stringify(all);
    if (now === listed) return;
    listed = now;
    const [focused, scrolled] = [list.contains(document.activeElement) && document.activeElement.dataset.code, list.scrollTop];
    entries = [...all].sort((a, b) => Number(b.applies) - Number(a.applies)).map(entry);
    fill(list, entries.map((one) => one.element));
    filter();
    mark(app.state?.broken);
    list.scrollTop = scrolled;
    if (focused) list.querySelector(`[data-code="${CSS.escape(focused)}"]`)?.focus();
  }

  function mark(broken) {
    for (const { code, button } of entries) button.setAttribute("aria-checked", String(code === broken?.code));
  }

  return {
    name: "Break it",
    element: h("div", { class: "break-tab" }, h("div", { class: "picker" }, search, matches, list), h("div", { class: "told" }, shown, planes.element)),
    catalog: ({ mistakes: all }) => mistakes(all ?? []),
    state({ broken, mistakes: all }) {
      if (all) mistakes(all);
      mark(broken);
      fill(shown, broken ? about(broken, () => turn("")) : hint());
      if (broken && app.lastFinding?.code === broken.code) shown.append(reportOf(app.lastFinding.report));
    },
    frame: planes.frame,
    open: () => app.frame && planes.frame(app.frame),
    finding({ report, code }) {
      app.lastFinding = { code: code ?? app.state?.broken?.code, report };
      if (app.state?.broken) {
        shown.querySelector(".report")?.remove();
        shown.append(reportOf(report));
      }
    },
  };
}

function hint() {
  return h("p", { class: "note" }, "Switch a mistake on: the network learns with it, and beside it, dashed in the curves, the same network with the same seed and the same batches learns without it.");
}

function about({ code, title, symptom, explanation, finding }, off) {
  return [
    h("h3", {}, h("code", {}, code), " ", title),
    symptom && h("p", {}, h("b", {}, "What one sees: "), symptom),
    explanation && !finding && h("p", {}, h("b", {}, "Why: "), explanation),
    finding && reportOf(finding),
    h("p", {}, h("button", { type: "button", onclick: off }, "Put it right again")),
  ];
}

/** Show a report of check, a finding of it, or its words. */
function reportOf(report) {
  if (typeof report === "string") return h("div", { class: "report" }, h("h4", {}, "What check says"), h("pre", {}, report));
  const findings = report.findings ?? [report];
  const rows = findings.map(({ code, title, evidence, explanation, fix, line }) => h("section", {},
    h("p", {}, h("code", {}, code), " ", h("b", {}, title), line ? ` (line ${line})` : ""),
    evidence && h("pre", {}, lined(evidence)), explanation && h("p", {}, explanation), fix && h("p", {}, h("b", {}, "To do: "), fix)));
  const none = findings.length ? null : h("p", {}, report.passed ? "Nothing is wrong here." : "Nothing was found.");
  return h("div", { class: "report" }, h("h4", {}, `What check says${report.exercise ? ` about ${report.exercise}` : ""}`), none, rows);
}
