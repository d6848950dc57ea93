// Colours: orange for negative, blue for positive (Okabe and Ito's, told apart with every common colour blindness).

const MORE_CLASSES = ["#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#F0E442", "#8C8C8C", "#7B5EA7", "#6B4C1E"];

function rgb(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

function mixed(a, b, share) {
  return a.map((value, i) => Math.round(value + (b[i] - value) * share));
}

const packed = ([red, green, blue]) => (255 << 24) | (blue << 16) | (green << 8) | red;

/** The theme's colours, read from the style sheet, and the palettes that are made from them. */
class Palette {
  constructor(root) {
    this.root = root;
    this.read();
  }

  read() {
    const style = getComputedStyle(this.root);
    const color = (name) => resolved(this.root, style.getPropertyValue(name).trim());
    this.negative = color("--negative");
    this.positive = color("--positive");
    this.middle = color("--middle");
    this.ink = cssColor(color("--ink"));
    this.faint = cssColor(color("--faint"));
    this.line = cssColor(color("--line"));
    this.card = cssColor(color("--card"));
    this.shade = cssColor(this.middle); // tells the themes apart
    this.signed = Uint32Array.from({ length: 256 }, (_, i) => packed(this.at(i / 255)));
    this.ground = Uint32Array.from({ length: 256 }, (_, i) => packed(mixed(this.middle, this.at(i / 255), 0.62))); // paler: points lie on it
    this.classes = [this.negative, this.positive, ...MORE_CLASSES.map(rgb)];
  }

  /** Return the colour for a share in [0, 1]: 0 strongly negative, 0.5 nothing, 1 strongly positive. */
  at(share) {
    const strength = Math.min(1, Math.abs(share - 0.5) * 2) ** 0.85;
    return mixed(this.middle, share < 0.5 ? this.negative : this.positive, strength);
  }

  /** Return a class's colour; two classes have the two signs' colours. */
  ofClass(index) {
    return cssColor(this.classes[index % this.classes.length]);
  }
}

const cssColor = (color) => `rgb(${color.join(" ")})`;

/** Return [r, g, b] of any CSS colour: the browser computes what light-dark() means here. */
function resolved(root, text) {
  const probe = h("span", {});
  probe.style.color = text;
  root.append(probe);
  const numbers = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
  probe.remove();
  return numbers;
}

/** Draw rows of 0–255 (128 is nothing) into a canvas of their size; row 0 is the top. */
function drawHeat(canvas, values, size, palette) {
  const [image, pixels] = sheet(canvas, size, size);
  for (let i = 0; i < pixels.length; i++) pixels[i] = palette.signed[values[i]];
  canvas.context.putImageData(image, 0, 0);
}

/** Draw a signed image (weights), its largest size the full colour; row 0 is the top. */
function drawSigned(canvas, values, height, width, palette) {
  const [image, pixels] = sheet(canvas, width, height);
  let largest = 1e-12;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  for (let i = 0; i < pixels.length; i++) pixels[i] = palette.signed[Math.round((values[i] / largest + 1) * 127.5)];
  canvas.context.putImageData(image, 0, 0);
}

/** Draw a grey image of 0–255, as ink on paper in either theme; row 0 is the top. */
function drawGrey(canvas, values, height, width) {
  const [image, pixels] = sheet(canvas, width, height);
  for (let i = 0; i < pixels.length; i++) {
    const grey = 250 - Math.round(values[i] * 0.92);
    pixels[i] = packed([grey, grey, grey]);
  }
  canvas.context.putImageData(image, 0, 0);
}

/** Return a canvas's kept image and its pixels as 32-bit words. */
function sheet(canvas, width, height) {
  if (!canvas.image || canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
    canvas.context = canvas.getContext("2d");
    canvas.image = canvas.context.createImageData(width, height);
    canvas.words = new Uint32Array(canvas.image.data.buffer);
  }
  return [canvas.image, canvas.words];
}

/** Make a canvas sharp at its size on the screen, and return its context in CSS pixels. */
function sharp(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
