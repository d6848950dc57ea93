"""The pre-flight: what it finds, and that it leaves everything as it was."""

import copy
import math

import pytest

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402
from torch.utils.data import DataLoader, TensorDataset  # noqa: E402

import chainrule  # noqa: E402
from chainrule.mistakes import Report  # noqa: E402


@pytest.fixture
def loader() -> "DataLoader[tuple[torch.Tensor, ...]]":
    torch.manual_seed(0)
    x = torch.randn(64, 12)
    y = x[:, :4].argmax(1)
    return DataLoader(TensorDataset(x, y), batch_size=32, shuffle=True)


def network(last: nn.Module | None = None) -> nn.Sequential:
    torch.manual_seed(1)
    layers = [nn.Linear(12, 32), nn.ReLU(), nn.BatchNorm1d(32), nn.Dropout(0.1), nn.Linear(32, 4)]
    return nn.Sequential(*layers, *([last] if last else []))


def codes(report: Report) -> set[str]:
    return {finding.code for finding in report}


def test_a_healthy_network_is_ready_and_nothing_is_changed(loader) -> None:  # type: ignore[no-untyped-def]
    net = network()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
    torch.optim.lr_scheduler.StepLR(optimizer, 1)
    x, y = loader.dataset.tensors
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
    before = copy.deepcopy((net.state_dict(), optimizer.state_dict(), [p.grad for p in net.parameters()]))
    draws = torch.get_rng_state()
    report = chainrule.preflight(net, loader, nn.CrossEntropyLoss(), optimizer)
    after = (net.state_dict(), optimizer.state_dict(), [p.grad for p in net.parameters()])
    assert report.passed, report
    assert report.expected_loss == pytest.approx(math.log(4))
    assert report.losses[-1] < 0.1 * report.losses[0]
    torch.testing.assert_close(after, before, rtol=0, atol=0)
    assert torch.equal(torch.get_rng_state(), draws)
    assert net.training


@pytest.mark.parametrize(
    ("last", "criterion", "code"),
    [
        (nn.Softmax(dim=1), nn.CrossEntropyLoss(), "CR207"),
        (nn.Softmax(dim=0), nn.CrossEntropyLoss(), "CR211"),
        (None, nn.NLLLoss(), "CR204"),
    ],
)
def test_a_network_with_a_mistake_is_not_ready(loader, last, criterion, code: str) -> None:  # type: ignore[no-untyped-def]
    net = network(last)
    if code == "CR204":  # negative for certain: large scores of the right classes
        criterion = lambda scores, target: F.nll_loss(scores + 9 * F.one_hot(target, 4), target)  # noqa: E731
    report = chainrule.preflight(net, loader, criterion, torch.optim.Adam(net.parameters(), lr=1e-2))
    assert code in codes(report), report


def test_the_optimizer_of_another_model_moves_nothing(loader) -> None:  # type: ignore[no-untyped-def]
    optimizer = torch.optim.Adam(network().parameters())
    report = chainrule.preflight(network(), loader, nn.CrossEntropyLoss(), optimizer)
    assert "CR209" in codes(report)


def test_inputs_that_are_not_normalised(loader) -> None:  # type: ignore[no-untyped-def]
    x, y = loader.dataset.tensors
    large = DataLoader(TensorDataset(255 * x.abs(), y), batch_size=32)
    net = network()
    report = chainrule.preflight(net, large, nn.CrossEntropyLoss(), torch.optim.Adam(net.parameters()))
    assert "CR202" in codes(report)


def test_a_layer_without_gradient_is_named(loader) -> None:  # type: ignore[no-untyped-def]
    net = network()
    net.unused = nn.Linear(2, 2)
    net.forward = lambda x: net[4](net[1](net[0](x)).detach())  # type: ignore[method-assign]
    report = chainrule.preflight(net, loader, nn.CrossEntropyLoss(), torch.optim.Adam(net.parameters(), lr=0.01))
    assert "0.weight" in report.unreached


def test_batches_that_are_no_pairs_are_refused(loader) -> None:  # type: ignore[no-untyped-def]
    net = network()
    single = DataLoader(TensorDataset(loader.dataset.tensors[0]), batch_size=8)
    with pytest.raises(ValueError, match="its first batch holds 1 tensors"):
        chainrule.preflight(net, single, nn.CrossEntropyLoss(), torch.optim.Adam(net.parameters()))
