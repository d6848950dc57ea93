// Messages: a JSON header and a binary body with named arrays, over a websocket or a Jupyter comm.

const ARRAYS = { f4: Float32Array, u1: Uint8Array, i4: Int32Array };

/** Return the arrays of a message by name: {weights: {data, shape}, …}. */
function unpack(header, body) {
  const arrays = {};
  for (const { name, dtype, shape, offset } of header.buffers ?? []) {
    const kind = ARRAYS[dtype];
    const length = shape.reduce((product, size) => product * size, 1);
    const bytes = body.buffer.slice(body.byteOffset + offset, body.byteOffset + offset + length * kind.BYTES_PER_ELEMENT);
    arrays[name] = { data: new kind(bytes), shape };
  }
  return arrays;
}

/** Talk to `chainrule play` over a websocket; the token is the one in the page's own address. */
function socketTransport() {
  const token = new URLSearchParams(location.search).get("token") ?? "";
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  let socket;
  const transport = { open, send, onmessage: () => {}, onopen: () => {}, onclose: () => {} };
  function open() {
    socket = new WebSocket(`${scheme}://${location.host}/socket?token=${encodeURIComponent(token)}`);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => transport.onopen();
    socket.onclose = () => transport.onclose();
    socket.onmessage = ({ data }) => {
      const length = new DataView(data).getUint32(0, true);
      const header = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length)));
      transport.onmessage(header, unpack(header, new DataView(data, 4 + length)));
    };
  }
  function send(message) {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }
  return transport;
}

/** Talk to Python through the widget's model, as anywidget hands it over. */
function widgetTransport(model) {
  const transport = {
    open: () => transport.onopen(),
    send: (message) => model.send(message),
    onmessage: () => {},
    onopen: () => {},
    onclose: () => {},
  };
  const receive = (header, buffers) => {
    const body = buffers?.[0];
    transport.onmessage(header, unpack(header, body instanceof ArrayBuffer ? new DataView(body) : body));
  };
  model.on("msg:custom", receive);
  transport.close = () => model.off("msg:custom", receive);
  return transport;
}
