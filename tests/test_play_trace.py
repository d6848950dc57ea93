"""One record's chain rule: every number against PyTorch in float64, and what a mistaken step makes of it."""

import re
from typing import Any

import numpy as np
import pytest
import torch

from chainrule import nn
from chainrule.experiments.config import ConfigError
from chainrule.play.notebook import session as session_for
from chainrule.play.session import Session
from chainrule.play.settings import Settings
from chainrule.play.trace import trace

TWINS: dict[str, Any] = {
    "identity": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": torch.nn.functional.leaky_relu,
    "elu": torch.nn.functional.elu,
    "selu": torch.nn.functional.selu,
    "gelu": torch.nn.functional.gelu,
    "gelu_tanh": lambda z: torch.nn.functional.gelu(z, approximate="tanh"),
    "silu": torch.nn.functional.silu,
    "softplus": torch.nn.functional.softplus,
}
f = torch.nn.functional
LOSSES: dict[str, Any] = {
    "mse": lambda o, y: f.mse_loss(o, y),
    "l1": lambda o, y: f.l1_loss(o, y),
    "huber": lambda o, y: f.huber_loss(o, y),
    "bce": lambda o, y: f.binary_cross_entropy(torch.sigmoid(o), y),
    "bce_with_logits": lambda o, y: f.binary_cross_entropy_with_logits(o, y),
    "cross_entropy": lambda o, y: f.cross_entropy(o, y),
}


def followed(session: Session, index: int, activation: str, loss: str) -> dict[str, np.ndarray]:
    """Follow the record with autograd; return activations, sums, deltas and gradients, flat."""
    found = session.training.records
    weights = [[torch.tensor(part.astype(float), requires_grad=True) for part in pair]
               for pair in session.training.runner.weights()]  # fmt: skip
    a = torch.tensor(found.train.x[index : index + 1].astype(float))
    outputs, sums = [a], []
    for layer, (w, b) in enumerate(weights):
        z = a @ w.T + b
        z.retain_grad()
        sums.append(z)
        a = TWINS[activation](z) if layer + 1 < len(weights) else z
        outputs.append(a)
    y = torch.tensor(found.train.y[index : index + 1])
    if loss != "cross_entropy":
        k = z.shape[1]
        y = f.one_hot(y, k).double() if k > 1 else y.double().reshape(1, 1)
    value = LOSSES[loss](z, y)
    value.backward()
    if loss == "bce":
        outputs[-1] = torch.sigmoid(z)
    gradients = [part.grad for pair in weights for part in pair]
    return {
        "activations": np.concatenate([a.detach().numpy().ravel() for a in outputs]),
        "sums": np.concatenate([z.detach().numpy().ravel() for z in sums]),
        "deltas": np.concatenate([z.grad.numpy().ravel() for z in sums]),
        "gradients": np.concatenate([g.numpy().ravel() for g in gradients]),
        "loss": value.detach().numpy(),
    }


@pytest.mark.parametrize(
    ("name", "activation", "loss"),
    [("circles", activation, "bce_with_logits") for activation in nn.ACTIVATIONS]
    + [("circles", "tanh", loss) for loss in nn.LOSSES]
    + [("iris", "sigmoid", loss) for loss in ("cross_entropy", "mse")]
    + [("hills", "silu", loss) for loss in ("mse", "l1", "huber")],
)
def test_every_number_is_what_torch_finds(name: str, activation: str, loss: str) -> None:
    wanted = Settings.beginning(name).changed({"activation": activation, "loss": loss, "hidden": [4, 3], "lr": 0.01})
    session = Session(wanted)
    session.advance()
    right = followed(session, 7, activation, loss)
    message = trace(session.training, 7)
    for part in ("activations", "sums", "deltas", "gradients"):
        np.testing.assert_allclose(message.arrays[part], right[part], rtol=1e-9, atol=1e-12, err_msg=part)
    assert message.header["record"]["loss"] == pytest.approx(float(right["loss"]), rel=1e-9)
    np.testing.assert_allclose(message.arrays["taken"], right["gradients"], rtol=1e-4, atol=1e-6)
    before = np.concatenate([part.ravel() for pair in session.training.runner.weights() for part in pair])
    np.testing.assert_allclose(message.arrays["updated"], before - 0.01 * right["gradients"], rtol=1e-4, atol=1e-6)


def test_following_a_record_leaves_the_run_alone() -> None:
    one, two = (Session(Settings(optimizer="adam", dropout=0.2, lr=0.01)) for _ in range(2))
    for session in (one, two):
        session.advance(0)
        if session is two:
            for index in range(5):
                trace(session.training, index)
        session.advance()
        session.advance()
    np.testing.assert_array_equal(one.shown()[0].arrays["weights"], two.shown()[0].arrays["weights"])


def test_the_steps_go_forwards_then_backwards_with_numbers_that_add_up() -> None:
    session = Session()
    session.advance()
    message = trace(session.training, 3)
    steps = message.header["steps"]
    kinds = [(step["where"]["kind"], step["where"]["layer"]) for step in steps]
    backward = [("backward", layer) for layer in (3, 2, 1)]
    assert kinds == [("forward", 1), ("forward", 2), ("forward", 3), ("loss", 0), *backward, ("update", 0)]
    for step in steps[:3]:
        for line in step["numbers"]:
            terms, total = re.match(r"z\S+ = (.*?) = (−?[\d.e−+]+)", line).groups()  # type: ignore[union-attr]
            sign_free = terms.replace("−", "-").replace("·", "*")
            assert eval(sign_free) == pytest.approx(float(total.replace("−", "-")), abs=0.02)
    text = " ".join(line for step in steps for line in step["numbers"])
    assert "nan" not in text
    assert "-" not in text  # a minus is a minus


def test_a_mistaken_functions_gradient_stands_beside_the_right_one() -> None:
    def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
        error = target - output_layer_out
        term = error * output_layer_out * (1 - output_layer_out)
        hidden = weights_hidden_to_output * error * hidden_layer_out * (1 - hidden_layer_out)  # of error, not of term
        return learnrate * term * hidden_layer_out, learnrate * hidden * x[:, None]

    session = session_for(None, "data=moons&by_hand=true&hidden=4&lr=3", {"backward_pass": backward_pass})
    session.advance()
    message = trace(session.training, 2)
    right, taken = message.arrays["gradients"], message.arrays["taken"]
    output = message.arrays["activations"][-1]
    np.testing.assert_allclose(taken[:8] * output * (1 - output), right[:8], rtol=1e-6)
    np.testing.assert_allclose(taken[12:16], right[12:16], rtol=1e-6)


@pytest.mark.parametrize("index", [-1, 250, 1.0, True, None, "1", 10**30])
def test_a_record_that_is_not_there(index: Any) -> None:
    with pytest.raises(ConfigError, match="the record must be a whole number from 0 to 249; got"):
        trace(Session().training, index)
