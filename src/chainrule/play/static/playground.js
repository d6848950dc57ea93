// The playground: puts the parts together, hands them Python's messages, and draws at most once a picture.

/** Build the page into `el` and talk to Python through `transport`. */
function start(el, transport, home) {
  const root = h("div", { class: `chainrule-play ${home}`, "data-lm-suppress-shortcuts": "true" }); // else r makes a raw cell in Jupyter
  el.append(root);
  const listeners = [];
  const app = {
    root,
    home,
    palette: new Palette(root),
    catalog: null,
    state: null,
    data: null,
    frame: null,
    get playing() {
      return Boolean(app.state?.playing);
    },
    send: (message) => transport.send(message),
    set: (settings) => app.send({ type: "set", settings }),
    toggle: () => app.send({ type: app.playing ? "pause" : "play" }),
    once: (type) => app.send({ type }),
    look: (canvas, name) => app.parts.output.look(canvas, name),
    on: (type, listener) => listeners.push([type, listener]),
    say: (message) => notices.say(message),
  };
  const notices = noticeBar(app);
  const training = controlGroup(app, "How it learns", ({ group }) => !["data", "network", "mistake"].includes(group));
  const panels = [breakTab, recordTab, histogramsTab, imagesTab, yoursTab, awayTab].map((make) => make(app));
  app.parts = { topbar: topbar(app), network: network(app), data: dataColumn(app), output: output(app), tabs: tabs(app, panels) };
  const parts = [app.parts.topbar, training, app.parts.data, app.parts.network, app.parts.output, ...panels];
  root.append(h("div", { class: "page" }, app.parts.topbar.element, notices.element, h("div", { class: "settings" }, training.element),
    h("main", { class: "main-part" }, app.parts.data.element, app.parts.network.element, app.parts.output.element), app.parts.tabs.element));
  app.parts.tabs.select("Break it");

  const tell = (type, message) => {
    for (const part of parts) part[type]?.(message);
    for (const [name, listener] of listeners) if (name === type) listener(message);
  };
  let waiting = null;
  function drawFrame() {
    const frame = waiting;
    waiting = null;
    if (!frame) return;
    transport.send({ type: "ack", frame: frame.number }); // first, so that Python makes the next one meanwhile
    app.frame = frame;
    tell("frame", frame);
    notices.diverged(frame.sentence);
  }

  transport.onmessage = (header, arrays) => {
    const message = { ...header, arrays };
    const { type } = header;
    if (type === "frame") {
      if (!waiting) requestAnimationFrame(drawFrame);
      waiting = message;
    } else if (type === "error") {
      const shown = parts.filter((part) => part.error?.(message));
      if (!shown.length) notices.say(message.message);
    } else {
      if (type === "state" || type === "catalog") app[type] = message;
      if (type === "data") app.data = readData(message);
      tell(type, type === "data" ? app.data : message);
      if (type === "state") remember(app, notices);
    }
  };
  transport.onopen = () => {
    notices.connected();
    transport.send({ type: "hello", link: home === "server" ? location.hash.slice(1) : "" });
  };
  transport.onclose = () => notices.lost(() => transport.open());
  watchTheme(app, tell);
  const stopKeys = listenToKeys(app);
  const visibility = () => transport.send({ type: document.hidden ? "hide" : "show" });
  document.addEventListener("visibilitychange", visibility);
  transport.open();
  return () => {
    if (app.playing) app.send({ type: "pause" });
    stopKeys();
    document.removeEventListener("visibilitychange", visibility);
    transport.close?.();
  };
}

/** Give the data message the names that the page reads. */
function readData(message) {
  const { classes, shape, target, kind, arrays } = message;
  if (arrays.inputs) arrays.feature_heat = arrays.inputs;
  return { ...message, regression: !classes?.length, range: target ?? null, images: kind === "image" ? { shape: shape.slice(0, 2) } : null };
}

/** Keep the state in the address, so that loading the page again brings it back. */
function remember({ home, state }, notices) {
  if (home === "server" && state.link != null) history.replaceState(null, "", state.link ? `#${state.link}` : location.pathname + location.search);
  if (state.notice) notices.say(state.notice);
}

/** What the page has to say: an error's words, or that the server is gone. */
function noticeBar(app) {
  const words = h("span");
  const again = h("button", { type: "button", hidden: true }, "Try again");
  const close = h("button", { type: "button", class: "quiet", "aria-label": "Close", onclick: () => (element.hidden = true) }, "×");
  const element = h("div", { class: "notice", role: "alert", hidden: true }, words, again, close);
  let timer;
  const show = (text, gone) => {
    clearTimeout(timer);
    words.textContent = text;
    again.hidden = !gone;
    close.hidden = gone;
    element.classList.toggle("gone", gone);
    element.hidden = false;
    if (!gone) timer = setTimeout(() => (element.hidden = true), 12000);
  };
  let sentence = "";
  return {
    element,
    say: (text) => show(text, false),
    diverged(text) {
      if ((text ?? "") === sentence) return;
      sentence = text ?? "";
      if (text) show(text, false);
      else element.hidden = true;
      clearTimeout(timer); // it stays as long as it is so
    },
    connected: () => (element.hidden = true),
    lost(reconnect) {
      app.root.classList.add("lost");
      again.onclick = () => (app.root.classList.remove("lost"), reconnect());
      show("The server has stopped: run chainrule play again.", true);
    },
  };
}

/** Draw again when the theme changes, the system's or Jupyter's. */
function watchTheme(app, tell) {
  const change = () => {
    const dark = document.body.dataset.jpThemeLight === "false";
    app.root.classList.toggle("jupyter-dark", dark);
    app.root.classList.toggle("jupyter-light", document.body.dataset.jpThemeLight === "true");
    app.palette.read();
    if (app.state && app.data) tell("theme");
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", change);
  new MutationObserver(change).observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  change();
}

/** Space plays and pauses, → is a step, e an epoch, r a reset, unless one is writing or on a control that takes the key. */
function listenToKeys(app) {
  const target = app.home === "server" ? document : app.root;
  const actions = { " ": app.toggle, ArrowRight: () => app.once("step"), e: () => app.once("epoch"), r: () => app.send({ type: "reset" }) };
  function press(event) {
    const within = event.target instanceof Element ? event.target : document.body;
    const own = app.home !== "server" && !event.metaKey && !event.ctrlKey;
    if (own) event.stopPropagation(); // a notebook's own keys are not meant
    if (event.metaKey || event.ctrlKey || event.altKey || within.closest("input:not([type=checkbox]), textarea, select, dialog, [role=application]")) return;
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action || (event.key === " " && within.closest("button, input, summary, a"))) return;
    event.preventDefault();
    action();
  }
  target.addEventListener("keydown", press);
  return () => target.removeEventListener("keydown", press);
}

const standalone = document.querySelector("body[data-chainrule-play]");
if (standalone) start(standalone, socketTransport(), "server");

export default {
  async render({ model, el }) {
    while (!el.isConnected) await new Promise(requestAnimationFrame); // colours and sizes are read from the page
    return start(el, widgetTransport(model), "widget");
  },
};
