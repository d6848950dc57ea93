"""Break it: lesson 1's network in parts, the loop in parts, and each mistake of the catalogue in its place."""

import numpy as np
import pytest
import torch

from chainrule.experiments.config import ConfigError
from chainrule.mistakes import CATALOGUE
from chainrule.mistakes.catalogue import backward, changes
from chainrule.mistakes.steps import backpropagation as b
from chainrule.play.breaking import applies, broken, playable
from chainrule.play.findings import finding
from chainrule.play.lesson import LessonRunner
from chainrule.play.loop import LoopRunner
from chainrule.play.records import records as records_of
from chainrule.play.runner import EngineRunner
from chainrule.play.session import Session
from chainrule.play.settings import Settings
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

    def go_on():
        for _ in range(10):
            runner.step(x, y)

    with pytest.raises(DivergenceError, match=r"diverged at step \d+: the weights .* beyond all bounds"):
        go_on()
    assert all(np.isfinite(weight).all() for weight, _ in runner.weights())


# The engine's run -------------------------------------------------------------------------------------------------

BLOBS = Settings(data="blobs", records=60, hidden=(5, 4), activation=("tanh", "relu"), lr=0.05, batch_size=10, seed=3)
BY_HAND = Settings(hidden=(4,), by_hand=True, lr=0.5, l1=0.001, l2=0.002)


def train(runner, records, settings, epochs=3):
    for epoch in range(epochs):
        for x, y in records.train.batches(settings.batch_size, seed=epoch):
            runner.step(x, y)
    return runner


@pytest.mark.parametrize(
    "changed",
    [{}, {"optimizer": "adam", "dropout": 0.3, "l1": 0.01}, {"momentum": 0.9, "nesterov": True, "l2": 0.01},
     {"data": "diabetes", "hidden": ()}],
)  # fmt: skip
def test_loop_in_parts_is_the_engines(changed):
    settings = BLOBS.changed(changed)
    found = records_of(settings)
    one, other = (train(make(settings, found), found, settings) for make in (EngineRunner, LoopRunner))
    for pair, same in zip(one.weights(), other.weights(), strict=True):
        assert pair[0] == pytest.approx(same[0], rel=1e-4, abs=1e-6)
        assert pair[1] == pytest.approx(same[1], rel=1e-4, abs=1e-6)


class Torch:
    """The same network as a PyTorch program, whose lines a test gets wrong."""

    def __init__(self, runner, settings):
        layers = []
        names = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU, "identity": torch.nn.Identity}
        for i, (weight, bias) in enumerate(runner.weights()):
            layer = torch.nn.Linear(weight.shape[1], weight.shape[0], dtype=torch.float64)
            with torch.no_grad():
                layer.weight[:] = torch.tensor(np.array(weight, dtype=np.float64))
                layer.bias[:] = torch.tensor(np.array(bias, dtype=np.float64))
            layers += [layer] + ([names[settings.activation[i]]()] if i < len(settings.hidden) else [])
        self.net = torch.nn.Sequential(*layers)
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=settings.lr, momentum=settings.momentum)
        self.criterion, self.settings = torch.nn.CrossEntropyLoss(), settings

    def penalty(self):
        return self.settings.l2 * sum((p**2).sum() for p in self.net.parameters() if p.ndim > 1)

    def scores(self, x):
        return self.net(x)

    def update(self, loss, n):
        self.optimizer.zero_grad()
        (loss + self.penalty()).backward()
        self.optimizer.step()

    def step(self, x, y):
        scores = self.scores(torch.tensor(x, dtype=torch.float64))
        self.update(self.criterion(scores, torch.tensor(y)), len(y))


class NoZeroGrad(Torch):
    def update(self, loss, n):
        (loss + self.penalty()).backward()
        self.optimizer.step()


class Uphill(Torch):
    def update(self, loss, n):
        self.optimizer.zero_grad()
        (-(loss + self.penalty())).backward()
        self.optimizer.step()


class DividedOnceMore(Torch):
    def update(self, loss, n):
        self.optimizer.zero_grad()
        ((loss + self.penalty()) / n).backward()
        self.optimizer.step()


class ClearedBeforeStep(Torch):
    def update(self, loss, n):
        loss.backward()
        self.optimizer.zero_grad()
        self.optimizer.step()


class SoftmaxFirst(Torch):
    def scores(self, x):
        return self.net(x).softmax(1)


class SoftmaxOverTheBatch(Torch):
    def scores(self, x):
        return self.net(x).softmax(0)


class SigmoidOnScores(Torch):
    def scores(self, x):
        return self.net(x).sigmoid()


class NoActivation(Torch):
    def __init__(self, runner, settings):
        super().__init__(runner, settings.changed({"activation": ["identity", "identity"]}))


class HiddenSoftmax(Torch):
    def scores(self, x):
        first, _, second, _, third = self.net
        return third(second(first(x).softmax(1)).softmax(1))


class LastLayerOnly(Torch):
    def __init__(self, runner, settings):
        super().__init__(runner, settings)
        self.optimizer = torch.optim.SGD(self.net[-1].parameters(), lr=settings.lr, momentum=settings.momentum)


class StrongDecay(Torch):
    def __init__(self, runner, settings):
        super().__init__(runner, settings)
        self.optimizer.param_groups[0]["weight_decay"] = 1.0


class PenaltySubtracted(Torch):
    def penalty(self):
        return -super().penalty()


class HalfThePenalty(Torch):
    def penalty(self):
        return super().penalty() / 2


class NoPenalty(Torch):
    def penalty(self):
        return 0


class LabelsShifted(Torch):
    def step(self, x, y):
        super().step(x, (y - 1) % 3)


MISTAKEN = {
    "TR174": NoZeroGrad, "TR151": Uphill, "TR147": DividedOnceMore, "TR175": ClearedBeforeStep, "TR120": SoftmaxFirst,
    "TR126": SoftmaxOverTheBatch, "TR121": SigmoidOnScores, "TR124": NoActivation, "TR125": HiddenSoftmax,
    "TR149": LastLayerOnly, "TR150": StrongDecay, "RG112": PenaltySubtracted, "RG110": HalfThePenalty,
    "RG105": NoPenalty, "GD134": LabelsShifted, "": Torch,
}  # fmt: skip


@pytest.mark.parametrize("code", MISTAKEN)
def test_mistake_is_what_the_mistaken_program_does(code):
    settings = BLOBS.changed({"l2": 0.01, "momentum": 0.5, "lr": 0.02})
    found = records_of(settings)
    runner = broken(settings, found, code)
    twin = MISTAKEN[code](runner, settings)
    for epoch in range(2):
        for x, y in found.train.batches(settings.batch_size, seed=epoch):
            runner.step(x, y)
            twin.step(x, y)
    linear = [layer for layer in twin.net if isinstance(layer, torch.nn.Linear)]
    for (weight, bias), layer in zip(runner.weights(), linear, strict=True):
        assert weight == pytest.approx(layer.weight.detach().numpy(), rel=2e-3, abs=2e-5)
        assert bias == pytest.approx(layer.bias.detach().numpy(), rel=2e-3, abs=2e-5)


SITUATIONS = {
    "by hand": BY_HAND,
    "three classes": BLOBS.changed({"l1": 0.01, "l2": 0.01, "dropout": 0.2, "optimizer": "adam"}),
    "two classes": Settings(),
    "a quantity": Settings(data="diabetes", records=100, features=("bmi", "bp")),
    "images": Settings(data="digits", records=100, hidden=(6,), optimizer="adam"),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_each_mistake_that_applies_changes_the_run_and_no_other_can_be_switched_on(name):
    settings = SITUATIONS[name]
    found = records_of(settings)
    right = train(broken(settings, found, ""), found, settings, epochs=2)
    said = applies(settings, found)
    assert {one.code for one in said} == playable()
    assert sum(one.applies for one in said) >= 15
    for one in said:
        assert (one.title, one.symptom) == (CATALOGUE[one.code].title, CATALOGUE[one.code].symptom)
        assert bool(one.why_not) is not one.applies
        if not one.applies:
            with pytest.raises(ConfigError, match=one.code):
                broken(settings, found, one.code)
            continue
        with np.errstate(all="ignore"):
            try:
                wrong = train(broken(settings, found, one.code), found, settings, epochs=2)
            except DivergenceError:
                continue
            ours = np.concatenate([wrong.forward(found.test.x)[-1].ravel(), *(w.ravel() for w, _ in wrong.weights())])
            best = np.concatenate([right.forward(found.test.x)[-1].ravel(), *(w.ravel() for w, _ in right.weights())])
        assert not np.allclose(ours, best, rtol=1e-5, atol=1e-8), one


def test_what_a_run_lacks_is_said():
    why = {one.code: one.why_not for one in applies(Settings(), records_of(Settings()))}
    assert "set L1 or L2 above 0" in why["RG112"]
    assert "set dropout above 0" in why["TR165"]
    assert "momentum" in why["TR148"]
    assert "cross_entropy" in why["TR120"]
    assert "by hand" in why["GD119"]
    with pytest.raises(ConfigError, match="no mistake 'GD999'"):
        broken(Settings(), records_of(Settings()), "GD999")


def test_lessons_network_needs_two_classes_and_one_layer():
    for changed, words in (({"data": "blobs"}, "two classes; got 3"), ({"data": "diabetes"}, "quantities"),
                           ({"hidden": (4, 2)}, "one hidden layer; got 2")):  # fmt: skip
        settings = BY_HAND.changed(changed)
        with pytest.raises(ConfigError, match=words):
            broken(settings, records_of(settings), "")


def test_finding_is_checks_own_with_evidence():
    found = records_of(BY_HAND)
    for one in applies(BY_HAND, found):
        if one.applies:
            report = finding(BY_HAND, found, one.code)
            assert one.code in {each.code for each in report.findings}
            if one.code not in ("GD141", "TR133"):
                assert report.findings[0].evidence, one
                assert report.title.startswith(("Exercise", "NeuralNetwork"))


def test_finding_of_a_training_loop_has_the_entrys_words():
    records = records_of(BLOBS)
    (found,) = finding(BLOBS, records, "TR151").findings
    assert (found.code, found.explanation) == ("TR151", CATALOGUE["TR151"].explanation)
    said = found.evidence.removeprefix("After 50 steps the training loss is ").removesuffix(".")
    wrong, right = map(float, said.split("; without the mistake it is "))
    assert wrong > right


@pytest.mark.parametrize("name", ["by hand", "two classes", "images"])
def test_page_shows_each_mistake_that_applies(name):
    session = Session(SITUATIONS[name].changed({"records": 60}))
    for one in session.mistakes():
        if not one["applies"]:
            continue
        (state, *_) = session.handle({"type": "break", "code": one["code"]})
        assert state.header["broken"]["code"] == one["code"]
        assert one["code"] in {each["code"] for each in state.header["broken"]["finding"]["findings"]}
        for message in ({"type": "epoch"}, {"type": "record", "index": 0}):
            for answer in session.handle(message):
                answer.parts()
                if answer.header["type"] == "error":
                    assert "diverged" in answer.header["message"] or one["code"] == "TR125"
        frame = session.handle({"type": "epoch"})[-1]
        assert "ghost" in frame.header
        assert "sentence" in frame.header or np.isfinite(frame.header["loss_train"])
