// Building elements. Texts go in as text nodes only: nothing that comes from outside is ever read as HTML.

/** Return an element: `h("button", {class: "quiet", onclick: f}, "text", child)`; false and null leave an attribute out. */
function h(tag, attributes = {}, ...children) {
  return furnish(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
function svg(tag, attributes = {}, ...children) {
  return furnish(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function furnish(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(3).filter((child) => child != null && child !== false));
  return node;
}

const ICONS = {
  play: "M7 4.5v15l12.5-7.5z",
  pause: "M6 4.5h4.2v15H6zM13.8 4.5H18v15h-4.2z",
  step: "M5 5v14l9-7zM16 5h3v14h-3z",
  epoch: "M3 5v14l8-7zM11 5v14l8-7zM19.5 5h2.3v14h-2.3z",
  reset: "M12 4a8 8 0 1 0 7.7 5.8h-2.3A5.8 5.8 0 1 1 12 6.2c1.5 0 2.9.6 4 1.6L13 10.8h7.5V3.3l-2.9 2.9A8 8 0 0 0 12 4z",
  plus: "M10.8 5h2.4v5.8H19v2.4h-5.8V19h-2.4v-5.8H5v-2.4h5.8z",
  minus: "M5 10.8h14v2.4H5z",
  dice: "M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm3 3.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zm8 8a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zm-4-4a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3z",
  table: "M3 4h18v16H3zm2 5v3h4V9zm6 0v3h8V9zm-6 5v4h4v-4zm6 0v4h8v-4z",
};

/** Return one of the drawn icons; the button around it has the words. */
function icon(name) {
  return svg("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));
}

let lastId = 0;
/** Return an id that no other widget on the page has. */
function uniqueId() {
  return `chainrule-${++lastId}`;
}

/** Return a number as a person reads it: three digits, and powers of ten for what is tiny or huge. */
function brief(value, digits = 3) {
  if (value == null || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text = size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(1) : value.toFixed(Math.min(digits, size >= 100 ? 1 : size >= 10 ? 2 : digits));
  return text.replaceAll("-", "−");
}

/** Return a function that calls `action` once, `delay` ms after its last call. */
function settled(action, delay = 80) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...values), delay);
  };
}

/** Replace an element's children. */
function fill(node, ...children) {
  node.replaceChildren(...children.flat(3).filter((child) => child != null && child !== false));
  return node;
}

/** Put a text on the clipboard; where the browser refuses (no https, no permission), by way of a selection. */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = h("textarea", { class: "unseen" }, text);
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

/** Let the browser save a Blob under a name. */
function saveAs(blob, name) {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
