"""The pieces that the playground's PyTorch scripts are put together from, as source text."""

from textwrap import indent

from chainrule.play.packing import function
from chainrule.play.settings import Settings

# By the registry's names; where a name is missing here, PyTorch's own is the same as in `pieces`.
LAYERS = {
    "identity": "torch.nn.Identity()",
    "sigmoid": "torch.nn.Sigmoid()",
    "tanh": "torch.nn.Tanh()",
    "relu": "torch.nn.ReLU()",
    "leaky_relu": "torch.nn.LeakyReLU(0.01)",
    "elu": "torch.nn.ELU()",
    "selu": "torch.nn.SELU()",
    "gelu": "torch.nn.GELU()",
    "gelu_tanh": 'torch.nn.GELU(approximate="tanh")',
    "silu": "torch.nn.SiLU()",
    "softplus": "torch.nn.Softplus()",
    "softmax": "torch.nn.Softmax(dim=1)",
    "softmax_over_batch": "torch.nn.Softmax(dim=0)",
    "dropout": "Dropout(DROPOUT, rng)",
    "dropout on the scores": "Dropout(0.5, rng)",
}

LOSSES = {
    "mse": "torch.nn.MSELoss()",
    "l1": "torch.nn.L1Loss()",
    "huber": "torch.nn.HuberLoss()",
    "bce": "torch.nn.BCELoss()",
    "bce_with_logits": "torch.nn.BCEWithLogitsLoss()",
    "cross_entropy": "torch.nn.CrossEntropyLoss()",
}

DROPOUT = '''
class Dropout(torch.nn.Module):
    """As torch.nn.Dropout, but drawn by NumPy, so that the same neurons are off as in the playground."""

    def __init__(self, p, rng):
        super().__init__()
        self.p, self.rng = p, rng

    def forward(self, a):
        if not self.training:
            return a
        kept = self.rng.random(tuple(a.shape), dtype=np.float32) >= self.p
        return a * torch.from_numpy(kept) / (1 - self.p)
'''

FIRST_WEIGHTS = """\
with torch.no_grad():
    for i, layer in enumerate(layer for layer in net if isinstance(layer, torch.nn.Linear)):
        layer.weight[:] = torch.from_numpy(data[f"weight{i}"])
        layer.bias[:] = torch.from_numpy(data[f"bias{i}"])"""

EVALUATION = """\
net.eval()
with torch.no_grad():
    train_loss, test_loss = criterion(net(x), target(y)).item(), criterion(net(test_x), target(test_y)).item()
print(f"after {STEPS} steps: train loss {train_loss:.7g}, test loss {test_loss:.7g}")
return train_loss, test_loss, [p.detach().numpy() for p in net.parameters()]"""


def network(layers: list[str]) -> str:
    """Return the lines that build the network."""
    lines, number = [], 0
    for name in layers:
        if name == "linear":
            lines.append(f'torch.nn.Linear(*data["weight{number}"].shape[::-1]),')
            number += 1
        else:
            lines.append(f"{LAYERS[name]},")
    return "net = torch.nn.Sequential(\n" + indent("\n".join(lines), "    ") + "\n)"


def target(loss: str, outputs: int, classes: int) -> str:
    """Return the function that gives targets the shape that the criterion wants."""
    if loss == "cross_entropy":
        body = "return y"
    elif outputs > 1 and classes:
        body = f"return torch.nn.functional.one_hot(y, {outputs}).float()"
    else:
        body = "return y.reshape(-1, 1).float()"
    return function("target(y)", body)


def penalty(settings: Settings) -> str:
    """Return the function of the penalty's value."""
    terms = ["L1 * w.abs().sum()"] * bool(settings.l1) + ["L2 * (w**2).sum()"] * bool(settings.l2)
    return function("penalty()", f"return sum({' + '.join(terms)} for w in net.parameters() if w.ndim > 1)")
