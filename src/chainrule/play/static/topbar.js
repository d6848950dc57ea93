// The top bar: play, one step, one epoch, reset, the epoch and the speed.

const paceWords = (speed) => (speed === 0 ? "full speed" : speed === 1 ? "1 epoch a second" : `${speed} epochs a second`);

function topbar(app) {
  const button = (name, words, action, key) =>
    h("button", { type: "button", class: `round ${name}`, title: `${words} (${key})`, "aria-label": words, "aria-keyshortcuts": key, onclick: action }, icon(name));
  const play = button("play", "Play", () => app.toggle(), "Space");
  const epoch = h("output", { class: "epoch-number" }, "0");
  const batches = h("span", { class: "batches" });
  const rate = h("span", { class: "rate" });
  const spoken = h("p", { class: "unseen", "aria-live": "polite" });
  const id = uniqueId();
  const speed = h("select", { id, onchange: () => app.send({ type: "speed", value: Number(speed.value) }) });
  let lastSpoken = 0;
  let latest;

  function say() {
    if (!latest) return;
    spoken.textContent = `Epoch ${latest.epoch}, training loss ${brief(latest.loss_train)}, test loss ${brief(latest.loss_test)}`;
    lastSpoken = performance.now();
  }

  const element = h("header", { class: "topbar" },
    h("p", { class: "brand" }, brandMark(), h("span", {}, "chainrule", h("small", {}, "playground"))),
    h("div", { class: "transport", role: "group", "aria-label": "Training" },
      button("reset", "Reset to the first weights", () => app.send({ type: "reset" }), "R"),
      play,
      button("step", "One step: one batch", () => app.once("step"), "ArrowRight"),
      button("epoch", "One epoch: all training records", () => app.once("epoch"), "E")),
    h("div", { class: "counter" }, h("span", { class: "caption" }, "Epoch"), epoch, batches),
    h("div", { class: "pace" }, h("label", { for: id, class: "caption" }, "Speed"), speed, rate),
    spoken);

  return {
    element,
    catalog: ({ speeds }) => fill(speed, (speeds ?? [0]).map((value) => h("option", { value }, paceWords(value)))),
    state({ playing }) {
      play.classList.toggle("playing", playing);
      play.setAttribute("aria-label", playing ? "Pause" : "Play");
      play.title = playing ? "Pause (Space)" : "Play (Space)";
      fill(play, icon(playing ? "pause" : "play"));
      if (!playing) say();
    },
    frame(frame) {
      latest = frame;
      epoch.textContent = Math.floor(frame.epoch).toLocaleString("en").replaceAll(",", "\u202f");
      batches.textContent = `${(frame.batches ?? 0).toLocaleString("en").replaceAll(",", "\u202f")} steps`;
      rate.textContent = frame.updates_per_second && app.playing ? `${Math.round(frame.updates_per_second)} pictures a second` : "";
      if (performance.now() - lastSpoken > 5000 || !app.playing) say();
    },
  };
}

/** Two neurons and the edges between them, one of each sign. */
function brandMark() {
  return svg("svg", { viewBox: "0 0 32 32", class: "mark", "aria-hidden": "true" },
    svg("path", { d: "M7 8C16 8 16 24 25 24", class: "warm" }), svg("path", { d: "M7 24C16 24 16 8 25 8", class: "cool" }),
    ...[[7, 8], [7, 24], [25, 8], [25, 24]].map(([cx, cy]) => svg("circle", { cx, cy, r: 4 })));
}
