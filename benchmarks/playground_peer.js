// Times TensorFlow Playground's engine: node benchmarks/playground_peer.js nn.js
//
// nn.js is its src/nn.ts without the types: npx esbuild nn.ts --format=cjs > nn.js. What is timed is what its page does
// for an epoch: 25 steps of ten records, the losses of 250 training and 250 test records, and all neurons over a grid of
// 100 by 100 places; without drawing anything.
const nn = require(require("path").resolve(process.argv[2]));

const SECONDS = 1.0;
const DENSITY = 100;

function points(n) {
  return Array.from({ length: n }, (_, i) => {
    const label = i % 2 ? 1 : -1;
    const radius = label > 0 ? 2.5 * Math.random() : 3.5 + 1.5 * Math.random();
    const angle = 2 * Math.PI * Math.random();
    return { x: radius * Math.sin(angle), y: radius * Math.cos(angle), label };
  });
}

// The processor's time, in seconds: others on the machine hardly change it.
function now() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function rate(run) {
  for (let i = 0; i < 20; i++) run();
  const began = now();
  let count = 0;
  while (now() - began < SECONDS) {
    run();
    count += 1;
  }
  return count / (now() - began);
}

function measured(shape) {
  const { TANH } = nn.Activations;
  const network = nn.buildNetwork(shape, TANH, TANH, null, ["x", "y"]);
  const [train, test] = [points(250), points(250)];
  const seen = {};
  const epoch = () =>
    train.forEach((point, i) => {
      nn.forwardProp(network, [point.x, point.y]);
      nn.backProp(network, point.label, nn.Errors.SQUARE);
      if ((i + 1) % 10 === 0) nn.updateWeights(network, 0.03, 0);
    });
  const loss = (records) =>
    records.reduce((sum, { x, y, label }) => sum + nn.Errors.SQUARE.error(nn.forwardProp(network, [x, y]), label), 0);
  const look = () => {
    nn.forEachNode(network, true, (node) => (seen[node.id] = Array.from({ length: DENSITY }, () => new Array(DENSITY))));
    for (let i = 0; i < DENSITY; i++) {
      for (let j = 0; j < DENSITY; j++) {
        nn.forwardProp(network, [(12 * i) / DENSITY - 6, 6 - (12 * j) / DENSITY]);
        nn.forEachNode(network, true, (node) => (seen[node.id][i][j] = node.output));
      }
    }
  };
  const steps = rate(epoch) * 25;
  const epochs = rate(() => (epoch(), loss(train), loss(test), look()));
  return { step: 1e6 / steps, epochs };
}

console.log(JSON.stringify({ default: measured([2, 4, 2, 1]), deep: measured([2, 8, 8, 8, 8, 8, 8, 1]) }));
