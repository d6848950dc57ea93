"""What a recording says, against what PyTorch says."""

import math

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402
from torch.utils.data import DataLoader, TensorDataset, random_split  # noqa: E402

import chainrule  # noqa: E402
from chainrule.diagnosis.numbers import numbers_in  # noqa: E402
from chainrule.diagnosis.recording import Recording  # noqa: E402
from chainrule.diagnosis.tensors import digest, fingerprints  # noqa: E402


def watched(program) -> Recording:  # type: ignore[no-untyped-def]
    with chainrule.diagnose(show=False) as run:
        program()
    assert run.recording.blind == {}
    return run.recording


@pytest.fixture
def parts():  # type: ignore[no-untyped-def]
    torch.manual_seed(1)
    x, y = torch.randn(50, 5), torch.randint(0, 3, (50,))
    train, valid = random_split(TensorDataset(x, y), [35, 15])
    net = nn.Sequential(nn.Linear(5, 7), nn.Tanh(), nn.Linear(7, 3))
    return net, DataLoader(train, batch_size=8, shuffle=True), DataLoader(valid, batch_size=8), x, y


def test_an_evaluation_knows_the_true_loss_and_accuracy(parts) -> None:  # type: ignore[no-untyped-def]
    net, _, loader, x, y = parts

    def evaluate() -> None:
        with torch.no_grad():
            for xb, yb in loader:
                F.cross_entropy(net(xb), yb)

    run = watched(evaluate)
    (done,) = run.passes
    rows = run.dataset_of(done).rows  # type: ignore[union-attr]
    assert done.complete
    assert not done.training
    assert done.sizes.tolist() == [8, 7]
    np.testing.assert_array_equal(np.concatenate([batch.indices for batch in done.batches]), rows)
    np.testing.assert_array_equal(done.labels(), y[rows])
    scores = net(x[rows]).detach()
    assert done.correct == int((scores.argmax(1) == y[rows]).sum())
    assert done.mean_loss == pytest.approx(F.cross_entropy(scores, y[rows]).item(), rel=1e-6)
    assert all(not forward.grad_enabled for forward in done.forwards)


def test_what_an_uncleared_gradient_holds(parts) -> None:  # type: ignore[no-untyped-def]
    net, loader, *_ = parts
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    expected = []

    def train() -> None:
        old = None
        for xb, yb in loader:
            loss = F.cross_entropy(net(xb), yb)
            fresh = torch.cat([g.flatten() for g in torch.autograd.grad(loss, net.parameters(), retain_graph=True)])
            expected.append(0.0 if old is None else float(old.norm() / fresh.norm()))
            loss.backward()
            old = torch.cat([p.grad.flatten() for p in net.parameters()])
            optimizer.step()

    run = watched(train)
    leftover = [step.leftover for step in run.steps if step.sampled]
    assert leftover == pytest.approx(expected[: len(leftover)], rel=1e-4)
    assert len(leftover) >= 4


@pytest.mark.parametrize("every", [1, 2])
def test_cleared_accumulated_and_clipped_gradients_leave_nothing(parts, every: int) -> None:  # type: ignore[no-untyped-def]
    net, loader, *_ = parts
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)

    def train() -> None:
        for number, (xb, yb) in enumerate(loader, 1):
            (F.cross_entropy(net(xb), yb) / every).backward()
            if number % every == 0:
                nn.utils.clip_grad_norm_(net.parameters(), 0.01)
                optimizer.step()
                optimizer.zero_grad()

    run = watched(train)
    assert run.steps
    assert all(step.leftover == 0 and step.backwards == every for step in run.steps if step.sampled)


def test_the_share_by_which_a_step_changes_the_weights(parts) -> None:  # type: ignore[no-untyped-def]
    net, loader, *_ = parts
    optimizer = torch.optim.SGD(net.parameters(), lr=0.3)
    old = net[0].weight.detach().clone()

    def step() -> None:
        xb, yb = next(iter(loader))
        F.cross_entropy(net(xb), yb).backward()
        optimizer.step()

    run = watched(step)
    change = (net[0].weight.detach() - old).norm() / old.norm()
    assert run.steps[0].ratios["0.weight"] == pytest.approx(float(change), rel=1e-5)


@pytest.mark.parametrize(
    ("penalty", "along", "cosine"),
    [
        (lambda w: 0.1 * (w**2).sum(), 2.0, "cosine_w"),
        (lambda w: 0.1 * w.abs().sum(), 1.0, "cosine_sign"),
        (lambda w: 0.1 * w.norm(), 1.0, "cosine_w"),
        (lambda w: 0.1 * (w.detach() ** 2).sum(), 0.0, None),
    ],
)
def test_a_penaltys_value_and_gradient(parts, penalty, along: float, cosine: str | None) -> None:  # type: ignore[no-untyped-def]
    net, loader, *_ = parts

    def train() -> None:
        xb, yb = next(iter(loader))
        (F.cross_entropy(net(xb), yb) + penalty(net[0].weight)).backward()

    run = watched(train)
    found = next(run.batches).backwards[0].penalty
    assert found is not None
    assert found.value == pytest.approx(penalty(net[0].weight).item(), rel=1e-4)
    assert found.along == pytest.approx(along * found.value, rel=1e-3, abs=1e-9)
    assert cosine is None or getattr(found, cosine) == pytest.approx(1, abs=1e-4)


def test_a_traced_batch_is_a_graph_from_the_records_to_the_comparison(parts) -> None:  # type: ignore[no-untyped-def]
    net, _, loader, *_ = parts

    def evaluate() -> None:
        for xb, yb in loader:
            (F.softmax(net(xb), dim=1).argmax(1) == yb).sum().item()

    ops = next(watched(evaluate).batches).ops
    assert [op.name for op in ops] == ["linear", "tanh", "linear", "softmax", "argmax", "eq", "sum"]
    assert [op.inputs[0] for op in ops] == [-1, 0, 1, 2, 3, 4, 5]
    assert [op.module for op in ops[:4]] == ["0", "1", "2", None]
    assert ops[3].arguments["dim"] == 1
    assert ops[3].output is not None
    assert ops[3].output.row_sums == pytest.approx((1, 1))


def test_a_validation_in_the_middle_of_an_epoch_has_the_epoch_as_parent(parts) -> None:  # type: ignore[no-untyped-def]
    net, train_loader, valid_loader, *_ = parts

    def train() -> None:
        for number, (xb, yb) in enumerate(train_loader):
            F.cross_entropy(net(xb), yb).backward()
            if number == 2:
                for xv, _ in valid_loader:
                    net(xv)

    run = watched(train)
    outer, inner = run.passes
    assert (outer.training, inner.training, inner.parent) == (True, False, outer.number)
    assert len(outer.batches) == len(train_loader)


def test_batches_cut_by_hand_make_one_pass_for_each_epoch(parts) -> None:  # type: ignore[no-untyped-def]
    net, _, _, x, y = parts
    losses: list[float] = []

    def train() -> None:
        for _ in range(3):
            order, total = torch.randperm(40), 0.0
            for start in range(0, 40, 8):
                rows = order[start : start + 8]
                loss = F.cross_entropy(net(x[rows]), y[rows])
                loss.backward()
                total += loss.item()
            losses.append(total / 5)
            with torch.no_grad():
                print("accuracy", (net(x[40:]).argmax(1) == y[40:]).float().mean().item())

    run = watched(train)
    assert [(each.training, len(each.batches)) for each in run.passes] == [(True, 5), (False, 1)] * 3
    assert [each.mean_of_means for each in run.training] == pytest.approx(losses)
    assert [number.value for number in run.numbers] == pytest.approx([each.accuracy for each in run.evaluations])
    assert [(series.name, series.values) for series in run.series] == [("losses", losses)]


def test_the_first_nan_has_an_operation(parts) -> None:  # type: ignore[no-untyped-def]
    _, loader, *_ = parts

    class Logs(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(5, 3)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.log(self.fc(x))

    net = Logs()

    def train() -> None:
        for xb, yb in loader:
            F.cross_entropy(net(xb), yb).backward()

    found = watched(train).nonfinite
    assert found is not None
    assert found.op is not None
    assert (found.op.name, found.weights_finite) == ("log", True)


def test_equal_records_and_weights_have_equal_marks() -> None:
    x = torch.randn(4, 3, 5)
    marks = fingerprints(x)
    np.testing.assert_array_equal(marks, fingerprints(x.reshape(4, 15).double()))
    assert len(set(marks.tolist())) == 4
    assert digest([x]) == digest([x.clone()]) != digest([x + 1e-6])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Epoch 1/10, loss: 0.3412 | acc 96.12%",
            [(1, 0, False), (10, 0, False), (0.3412, 4, False), (96.12, 2, True)],
        ),
        ("9,612 of 10,000 (96 %)", [(9612, 0, False), (10000, 0, False), (96, 0, True)]),
        ("1.5e-05 conv2d v1.2.3", [(1.5e-05, 6, False)]),
        ("nan", [(math.nan, None, False)]),
    ],
)
def test_numbers_in_a_text(text: str, expected: list[tuple[float, int | None, bool]]) -> None:
    found = numbers_in(text, 0, None)
    np.testing.assert_array_equal([number.value for number in found], [value for value, _, _ in expected])
    assert [(number.decimals, number.percent) for number in found] == [(d, p) for _, d, p in expected]
