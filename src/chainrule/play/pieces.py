"""The pieces that the playground's NumPy scripts are put together from: layers, losses, optimizers, as source text."""

from textwrap import indent

LINEAR = """
class Linear:
    def __init__(self, weight, bias):
        self.weight, self.bias = weight.copy(), bias.copy()
        self.weight_grad, self.bias_grad = np.zeros_like(weight), np.zeros_like(bias)

    def forward(self, x):
        self.x = x
        return x @ self.weight.T + self.bias

    def backward(self, grad):
        self.weight_grad += grad.T @ self.x
        self.bias_grad += grad.sum(axis=0)
        return grad @ self.weight
"""

ACTIVATION = """
class {name}:
    def forward(self, z):
        self.z, self.a = z, {f}
        return self.a

    def backward(self, grad):
        z, a = self.z, self.a
        return {back}
"""

# By the registry's names: PyTorch's name, the function of z, and what comes back through it.
ACTIVATIONS = {
    "identity": ("Identity", "z", "grad"),
    "sigmoid": ("Sigmoid", "1 / (1 + np.exp(-z))", "grad * a * (1 - a)"),
    "tanh": ("Tanh", "np.tanh(z)", "grad * (1 - a**2)"),
    "relu": ("ReLU", "np.maximum(z, 0)", "grad * (z > 0)"),
    "leaky_relu": ("LeakyReLU", "np.maximum(z, 0.01 * z)", "np.where(z > 0, grad, 0.01 * grad)"),
    "elu": ("ELU", "np.where(z > 0, z, np.expm1(np.minimum(z, 0)))", "grad * np.exp(np.minimum(z, 0))"),
    "selu": (
        "SELU",
        "1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * np.expm1(np.minimum(z, 0)))",
        "1.0507009873554805 * grad * np.where(z > 0, 1, 1.6732632423543772 * np.exp(np.minimum(z, 0)))",
    ),
    "gelu": ("GELU", "z * normal(z)", "grad * (normal(z) + z * np.exp(-0.5 * z**2) / math.sqrt(2 * math.pi))"),
    "gelu_tanh": ("GELUTanh", "0.5 * z * (1 + bend(z))",
                  "grad * 0.5 * (1 + bend(z)) * (1 + (1 - bend(z)) * z * C * (1 + 3 * 0.044715 * z**2))"),
    "silu": ("SiLU", "z / (1 + np.exp(-z))", "grad * (1 + z - a) / (1 + np.exp(-z))"),
    "softplus": ("Softplus", "np.logaddexp(z, 0)", "grad / (1 + np.exp(-z))"),
    "softmax": ("Softmax", "shares(z)", "a * (grad - (grad * a).sum(axis=1, keepdims=True))"),
    "softmax_over_batch": ("SoftmaxOverBatch", "shares(z.T).T", "a * (grad - (grad * a).sum(axis=0))"),
}  # fmt: skip

BESIDE = {
    "gelu": '''
def normal(z):
    """Return the normal distribution function."""
    return 0.5 * (1 + np.vectorize(math.erf, otypes=[z.dtype])(z / math.sqrt(2)))
''',
    "gelu_tanh": """
C = math.sqrt(2 / math.pi)


def bend(z):
    return np.tanh(C * (z + 0.044715 * z**3))
""",
    "softmax": """
def shares(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
""",
}
BESIDE["softmax_over_batch"] = BESIDE["softmax"]

DROPOUT = """
class Dropout:
    mask = 1  # until one is drawn

    def __init__(self, p, rng):
        self.p, self.rng = p, rng

    def forward(self, a):
        self.mask = (self.rng.random(a.shape, dtype=np.float32) >= self.p) * np.float32(1 / (1 - self.p))
        return a * self.mask

    def backward(self, grad):
        return grad * self.mask
"""

LOSSES = {
    "mse": "d = p - t\nreturn np.mean(d**2), 2 * d / d.size",
    "l1": "d = p - t\nreturn np.mean(np.abs(d)), np.sign(d) / d.size",
    "huber": "d = p - t\nnear = np.minimum(np.abs(d), 1)\n"
    "return np.mean(near * (np.abs(d) - 0.5 * near)), np.clip(d, -1, 1) / d.size",
    "bce": 'with np.errstate(divide="ignore"):\n'
    "    losses = -(t * np.maximum(np.log(p), -100) + (1 - t) * np.maximum(np.log1p(-p), -100))\n"
    "return np.mean(losses), (p - t) / np.maximum(p * (1 - p), 1e-12) / p.size",
    "bce_with_logits": "losses = np.maximum(p, 0) - p * t + np.log1p(np.exp(-np.abs(p)))\n"
    "return np.mean(losses), (1 / (1 + np.exp(-p)) - t) / p.size",
    "cross_entropy": "z = p - p.max(axis=1, keepdims=True)\ne = np.exp(z)\ntotal = e.sum(axis=1)\n"
    "records = np.arange(len(y))\nslope = e / total[:, None]\nslope[records, y] -= 1\n"
    "return np.mean(np.log(total) - z[records, y]), slope / len(y)",
}

OPTIMIZER = """
class {name}:
    def __init__(self, values, gradients, lr=LEARNING_RATE{options}, weight_decay={decay}):
        self.values, self.gradients, self.lr, self.weight_decay = values, gradients, lr, weight_decay
{begin}
    def zero_grad(self):
        for g in self.gradients:
            g[...] = 0

    def step(self):
{step}
"""

DECAYED = "    g = g + self.weight_decay * w"

# By the registry's names: PyTorch's name, its own options, its decay, what it begins with, and its step.
OPTIMIZERS = {
    "sgd": (
        "SGD", ", momentum=0.0, nesterov=False", "0.0",
        "self.momentum, self.nesterov = momentum, nesterov\nself.v = [np.zeros_like(w) for w in values]",
        f"for w, g, v in zip(self.values, self.gradients, self.v):\n{DECAYED}\n    v *= self.momentum\n    v += g\n"
        "    w -= self.lr * (g + self.momentum * v if self.nesterov else v)",
    ),
    "adagrad": (
        "Adagrad", "", "0.0", "self.s = [np.zeros_like(w) for w in values]",
        f"for w, g, s in zip(self.values, self.gradients, self.s):\n{DECAYED}\n    s += g**2\n"
        "    w -= self.lr * g / (np.sqrt(s) + 1e-10)",
    ),
    "rmsprop": (
        "RMSprop", ", momentum=0.0", "0.0",
        "self.momentum = momentum\nself.s, self.v = ([np.zeros_like(w) for w in values] for _ in range(2))",
        f"for w, g, s, v in zip(self.values, self.gradients, self.s, self.v):\n{DECAYED}\n    s *= 0.99\n"
        "    s += 0.01 * g**2\n    v *= self.momentum\n    v += g / (np.sqrt(s) + 1e-8)\n    w -= self.lr * v",
    ),
    "adam": (
        "Adam", "", "0.0",
        "self.steps, self.m, self.v = 0, *([np.zeros_like(w) for w in values] for _ in range(2))",
        f"self.steps += 1\nfor w, g, m, v in zip(self.values, self.gradients, self.m, self.v):\n{DECAYED}\n"
        "    m *= 0.9\n    m += 0.1 * g\n    v *= 0.999\n    v += 0.001 * g**2\n"
        "    m_hat, v_hat = m / (1 - 0.9**self.steps), v / (1 - 0.999**self.steps)\n"
        "    w -= self.lr * m_hat / (np.sqrt(v_hat) + 1e-8)",
    ),
    "adamw": (
        "AdamW", "", "0.01",
        "self.steps, self.m, self.v = 0, *([np.zeros_like(w) for w in values] for _ in range(2))",
        "self.steps += 1\nfor w, g, m, v in zip(self.values, self.gradients, self.m, self.v):\n"
        "    w *= 1 - self.lr * self.weight_decay\n"
        "    m *= 0.9\n    m += 0.1 * g\n    v *= 0.999\n    v += 0.001 * g**2\n"
        "    m_hat, v_hat = m / (1 - 0.9**self.steps), v / (1 - 0.999**self.steps)\n"
        "    w -= self.lr * m_hat / (np.sqrt(v_hat) + 1e-8)",
    ),
}  # fmt: skip


def activation(name: str) -> str:
    """Return the class of an activation."""
    title, f, back = ACTIVATIONS[name]
    return ACTIVATION.format(name=title, f=f, back=back)


def optimizer(name: str) -> str:
    """Return the class of an optimizer."""
    title, options, decay, begin, step = OPTIMIZERS[name]
    return OPTIMIZER.format(
        name=title, options=options, decay=decay, begin=indent(begin, " " * 8) + "\n", step=indent(step, " " * 8)
    )


def criterion(loss: str, outputs: int, classes: int) -> str:
    """Return the function ``criterion(p, y)``, from prediction and targets to the loss and its slope."""
    if loss == "cross_entropy":
        target = ""
    elif outputs > 1 and classes:
        target = f"t = np.eye({outputs}, dtype=p.dtype)[y]  # a row for each record, with a one at its class\n"
    else:
        target = "t = y.reshape(p.shape).astype(p.dtype)\n"
    return (
        'def criterion(p, y):\n    """Return the loss, and its slope with respect to the prediction p."""\n'
        + indent(target + LOSSES[loss], "    ")
    )
