"""Break it: lesson 1's network in parts, the loop in parts, and each mistake of the catalogue in its place."""

import numpy as np
import pytest
import torch

from chainrule.mistakes.catalogue import backward, changes
from chainrule.mistakes.steps import backpropagation as b
from chainrule.play.lesson import LessonRunner
from chainrule.training import DivergenceError


def records(n=10, columns=3, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, columns))
    return x, (x[:, 0] + x[:, 1] > 0).astype(np.int64)


class Twin:
    """The same network, trained by PyTorch's autograd in float64."""

    def __init__(self, runner, l2=0.0):
        self.w = torch.tensor(runner.weights_input_to_hidden, requires_grad=True)
        self.v = torch.tensor(runner.weights_hidden_to_output, requires_grad=True)
        self.optimizer, self.l2 = torch.optim.SGD([self.w, self.v], lr=runner.lr), l2

    def forward(self, x):
        hidden = torch.sigmoid(torch.tensor(x, dtype=torch.float64) @ self.w)
        return hidden, torch.sigmoid(hidden @ self.v)

    def loss(self, x, y):
        return 0.5 * ((torch.tensor(y, dtype=torch.float64) - self.forward(x)[1]) ** 2).mean()

    def step(self, x, y):
        loss = self.loss(x, y)
        self.optimizer.zero_grad()
        (loss + self.l2 * ((self.w**2).sum() + (self.v**2).sum())).backward()
        self.optimizer.step()
        return loss.item()


def test_lesson_network_is_what_autograd_computes():
    runner, (x, y) = LessonRunner(3, 5, 0.7, seed=2), records()
    twin = Twin(runner)
    for _ in range(20):
        assert runner.step(x, y) == pytest.approx(twin.step(x, y), rel=1e-12)
        (w, no_bias), (v, none) = runner.gradients()
        assert w == pytest.approx(twin.w.grad.numpy().T, rel=1e-9, abs=1e-14)
        assert v == pytest.approx(twin.v.grad.numpy()[None], rel=1e-9, abs=1e-14)
        assert not no_bias.any()
        assert not none.any()
    (w, _), (v, _) = runner.weights()
    assert w.shape == (5, 3)
    assert v.shape == (1, 5)
    assert w == pytest.approx(twin.w.detach().numpy().T, rel=1e-12)
    hidden, output = runner.forward(x)
    assert hidden == pytest.approx(twin.forward(x)[0].detach().numpy(), rel=1e-12)
    assert output == pytest.approx(twin.forward(x)[1].detach().numpy()[:, None], rel=1e-12)
    assert runner.loss(x, y) == pytest.approx(twin.loss(x, y).item(), rel=1e-12)


def test_lesson_network_follows_a_penalty():
    runner, (x, y) = LessonRunner(3, 4, 0.5, penalty=lambda weights: 2 * 0.01 * weights), records()
    twin = Twin(runner, l2=0.01)
    for _ in range(10):
        runner.step(x, y)
        twin.step(x, y)
    assert runner.weights_input_to_hidden == pytest.approx(twin.w.detach().numpy(), rel=1e-12)


def test_replaced_part_is_the_one_that_runs():
    (x, y), rate = records(), 0.5
    uphill = next(iter(changes.climbs.in_step(b.epoch)))
    down, up = LessonRunner(3, 4, rate), LessonRunner(3, 4, rate, replaced=uphill)
    down.step(x, y)
    up.step(x, y)
    for (one, _), (other, _) in zip(down.gradients(), up.gradients(), strict=True):
        assert one == pytest.approx(-other, rel=1e-9)
    raw = LessonRunner(3, 4, rate, replaced=next(iter(backward.raw_error.in_step(b.epoch))))
    raw.step(x, y)
    assert raw.gradients()[1][0] == pytest.approx(down.gradients()[1][0], rel=1e-9)
    assert raw.gradients()[0][0] != pytest.approx(down.gradients()[0][0], rel=1e-3)


def test_divergence_is_a_sentence():
    runner, (x, y) = LessonRunner(3, 4, 0.5, replaced={b.rate: lambda: 1e308}), records()
    with pytest.raises(DivergenceError, match=r"diverged at step \d+: the weights .* no longer numbers"):
        for _ in range(10):
            runner.step(x, y)
    assert all(np.isfinite(weight).all() for weight, _ in runner.weights())
