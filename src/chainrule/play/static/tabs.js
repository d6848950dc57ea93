// The panel below: tabs that one goes through with the arrow keys.

function tabs(app, panels) {
  const bar = h("div", { class: "tab-bar", role: "tablist", "aria-label": "More", onkeydown: move });
  const pages = panels.map((panel) => {
    const id = uniqueId();
    const button = h("button", { type: "button", role: "tab", id: `${id}-tab`, "aria-controls": id, onclick: () => select(panel.name) }, panel.name);
    const page = h("div", { class: "tab-page", role: "tabpanel", id, "aria-labelledby": `${id}-tab`, hidden: true }, panel.element);
    bar.append(button);
    return { panel, button, page };
  });
  const element = h("section", { class: "panel", "aria-label": "Look closer" }, bar, pages.map(({ page }) => page));
  let current = null;

  function select(name) {
    if (current === name) return;
    for (const { panel, button, page } of pages) {
      const chosen = panel.name === name;
      if (panel.name === current) panel.close?.();
      button.setAttribute("aria-selected", String(chosen));
      button.tabIndex = chosen ? 0 : -1;
      page.hidden = !chosen;
    }
    current = name;
    pages.find(({ panel }) => panel.name === name).panel.open?.();
  }

  function move(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const at = pages.findIndex(({ panel }) => panel.name === current);
    const next = pages[(at + by + pages.length) % pages.length];
    select(next.panel.name);
    next.button.focus();
  }

  return { element, select, panels };
}
