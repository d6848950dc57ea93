"""Every schedule against its PyTorch twin: the learning rate, epoch by epoch."""

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from chainrule import nn, optim

every_schedule = pytest.mark.parametrize("name", list(optim.SCHEDULES))

OPTIONS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "step": st.fixed_dictionaries({"step_size": st.integers(1, 9), "gamma": st.floats(0.1, 1.5)}),
    "exponential": st.fixed_dictionaries({"gamma": st.floats(0.5, 1.2)}),
    "cosine": st.fixed_dictionaries({"T_max": st.integers(1, 60), "eta_min": st.floats(0, 0.01)}),
    "linear": st.fixed_dictionaries(
        {"start_factor": st.floats(0.01, 1), "end_factor": st.floats(0, 1), "total_iters": st.integers(1, 50)}
    ),
    "plateau": st.fixed_dictionaries(
        {
            "factor": st.floats(0.1, 0.9),
            "patience": st.integers(0, 5),
            "threshold": st.sampled_from([0.0, 1e-4, 0.1]),
            "min_lr": st.floats(0, 0.01),
        }
    ),
}


def optimizers(lr: float) -> tuple[optim.Optimizer, torch.optim.Optimizer]:
    ours = optim.SGD(nn.Sequential(nn.Linear(1, 1)).parameters(), lr=lr)
    return ours, torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)


@every_schedule
@given(data=st.data(), lr=st.floats(0.02, 1))
def test_learning_rates_are_pytorchs(name: str, data: st.DataObject, lr: float) -> None:
    if name not in OPTIONS:
        pytest.skip("a new entry: say in OPTIONS what it takes")
    options = data.draw(OPTIONS[name])
    ours, theirs = optimizers(lr)
    schedule = optim.SCHEDULES[name](ours, **options)
    twin = getattr(torch.optim.lr_scheduler, type(schedule).__name__)(theirs, **options)
    values = data.draw(st.lists(st.floats(0, 2) | st.just(float("nan")), min_size=40, max_size=40))
    for epoch, value in enumerate(values):
        # PyTorch's cosine is a recursion, which gathers rounding errors: 1e-9.
        assert ours.lr == pytest.approx(theirs.param_groups[0]["lr"], rel=1e-9, abs=1e-12), epoch
        theirs.step()
        if name == "plateau":
            schedule.step(value), twin.step(value)
        else:
            schedule.step(), twin.step()


def test_a_schedule_follows_where_it_should() -> None:
    """Known values, so that a schedule and a twin that both do nothing would not pass."""
    ours, _ = optimizers(0.8)
    schedule = optim.StepLR(ours, step_size=2, gamma=0.5)
    seen = [ours.lr]
    for _ in range(4):
        schedule.step()
        seen.append(ours.lr)
    assert seen == [0.8, 0.8, 0.4, 0.4, 0.2]
    ours, _ = optimizers(1.0)
    schedule = optim.CosineAnnealingLR(ours, T_max=4)
    for _ in range(4):
        schedule.step()
    assert ours.lr == pytest.approx(0, abs=1e-12)


@every_schedule
def test_state_goes_on_where_it_was_taken(name: str) -> None:
    options = {
        "step": {"step_size": 3},
        "exponential": {"gamma": 0.9},
        "cosine": {"T_max": 9},
        "plateau": {"patience": 1},
    }
    values = [1.0, 2.0, 2.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]

    def step(schedule: optim.Schedule, value: float) -> float:
        schedule.step(value) if name == "plateau" else schedule.step()
        return schedule.optimizer.lr

    (whole, _), (half, _), (other, _) = optimizers(0.5), optimizers(0.5), optimizers(0.5)
    build = optim.SCHEDULES[name]
    schedule = build(whole, **options.get(name, {}))
    expected = [step(schedule, value) for value in values]
    first = build(half, **options.get(name, {}))
    seen = [step(first, value) for value in values[:4]]
    second = build(other, **options.get(name, {}))
    second.load_state(first.state())
    other.load_state(half.state())
    assert seen + [step(second, value) for value in values[4:]] == expected


BAD_ARGUMENTS = [
    (lambda o: optim.StepLR(o, 0), "step_size must be"),
    (lambda o: optim.StepLR(o, 1.5), "step_size must be"),
    (lambda o: optim.ExponentialLR(o, -0.1), "gamma must be"),
    (lambda o: optim.CosineAnnealingLR(o, 0), "T_max must be"),
    (lambda o: optim.CosineAnnealingLR(o, 5, eta_min=-1), "eta_min must be"),
    (lambda o: optim.LinearLR(o, start_factor=0), "start_factor must be"),
    (lambda o: optim.LinearLR(o, end_factor=2), "end_factor in"),
    (lambda o: optim.LinearLR(o, total_iters=0), "total_iters must be"),
    (lambda o: optim.ReduceLROnPlateau(o, factor=1.0), "factor must be"),
    (lambda o: optim.ReduceLROnPlateau(o).step(), "needs the value"),
    (lambda o: optim.SCHEDULES["cosin"], "did you mean 'cosine'"),
]


@pytest.mark.parametrize(("build", "message"), BAD_ARGUMENTS)
def test_bad_arguments_are_refused(build: Any, message: str) -> None:
    ours, _ = optimizers(0.1)
    with pytest.raises(ValueError, match=message):
        build(ours)
    assert ours.lr == 0.1
