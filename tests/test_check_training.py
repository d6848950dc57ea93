"""check on PyTorch exercises: plain PyTorch as the oracle, mistakes against themselves, right code in other words."""

import math
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from sklearn.model_selection import train_test_split

from chainrule.course import judge
from chainrule.course.check import check
from chainrule.course.comparison import begins, same
from chainrule.course.exercise import Exercise, load
from chainrule.course.exercises.torch_penalties import model_of
from chainrule.course.exercises.training import set_up
from chainrule.course.observation import expected, glimpsed, quiet

torch = pytest.importorskip("torch")
nn = torch.nn
DataLoader = pytest.importorskip("torch.utils.data").DataLoader
TOPICS = {"training", "training_preflight", "training_data", "training_model", "torch_penalties"}
MINE = {name: entry for name, entry in load().items() if entry.cases.__module__.rsplit(".", 1)[-1] in TOPICS}
PROGRAMS = {name: entry for name, entry in MINE.items() if entry.program}


def solution(task: Exercise) -> Any:
    import copy

    from torchvision import transforms

    names = {
        "np": np,
        "math": math,
        "torch": torch,
        "nn": nn,
        "copy": copy,
        "transforms": transforms,
        "DataLoader": DataLoader,
        "Subset": torch.utils.data.Subset,
        "train_test_split": train_test_split,
    }
    exec(task.solution, names)
    return names[task.called or task.name]


@pytest.mark.parametrize("name", MINE)
def test_the_solution_is_right_and_a_stub_is_not_written_yet(name: str) -> None:
    task = MINE[name]
    report = check(solution(task), name)
    assert report.passed, report
    assert not report.findings
    assert task.hints
    assert task.why.startswith("Right")
    if name != "Net":
        assert check(lambda *arguments: None, name).verdict == "not written yet"


@pytest.mark.parametrize("name", MINE)
def test_every_mistake_that_can_be_made_here_is_seen_in_some_case(name: str) -> None:
    task = MINE[name]
    cases = list(task.cases(np.random.default_rng(0)))
    seen: dict[str, bool] = {}
    for mistake, replaced in task.mistakes():
        if mistake.severity != "remark" and not seen.get(mistake.code):
            pairs = [(judge.expected(task, case, replaced), judge.expected(task, case)) for case in cases]
            seen[mistake.code] = any(not same(one, right, task.tolerance) for one, right in pairs)
    harmless = {"overfit_one_batch": ["TR165"]}  # there is no dropout in that network
    assert [code for code, found in seen.items() if not found] == harmless.get(name, [])


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_mistake_handed_in_is_named(name: str) -> None:
    task = PROGRAMS[name]
    known = {mistake: replaced for mistake, replaced in task.mistakes() if mistake.severity != "remark"}
    for mistake, replaced in list(known.items())[::4]:  # tests/confusion.py tries all of them, in learners' words
        answer = task.step.values({}, replaced, names=[task.program])[task.program]
        seen = judge.look(task, answer, seeds=(5,))
        wrong = [one for one, _ in judge.wrong_ones(task, seen)]
        named = {each.code for naming in judge.name(task, seen, wrong) for each, _ in naming}
        assert not wrong or mistake.code in named, (mistake, named)


@pytest.mark.parametrize("name", [name for name, task in load().items() if task.glance is not None])
def test_a_glance_never_contradicts_the_whole_look(name: str) -> None:
    """A mistake that gives what was seen would be ruled out by its glance."""
    task = load()[name]
    for case in task.tried_on(3):
        for _, replaced in task.mistakes():
            with quiet():
                first, whole = glimpsed(task, case, replaced), expected(task, case, replaced)
            assert (first is None) == (whole.raised is not None)
            assert all(begins(whole.facts[fact], value) for fact, value in (first or {}).items())


def test_epoch_and_evaluation_are_those_of_plain_pytorch() -> None:
    for case in MINE["train_one_epoch"].cases(np.random.default_rng(3)):
        facts = MINE["train_one_epoch"].expect(case)
        net, _, optimizer, loaders = set_up(case, training=True)
        criterion = nn.CrossEntropyLoss(label_smoothing=case.inputs["smoothing"])
        losses, accuracies = [], []
        for loader in loaders:
            told = []
            for x, y in loader:
                optimizer.zero_grad()
                scores = net(x)
                criterion(scores, y).backward()
                optimizer.step()
                told += [
                    (criterion(s[None], t[None]).item(), int(s.argmax() == t)) for s, t in zip(scores, y, strict=True)
                ]
            losses.append(np.mean([loss for loss, _ in told]))
            accuracies.append(np.mean([right for _, right in told]))
        np.testing.assert_allclose(facts["loss"], losses, rtol=1e-5)
        np.testing.assert_allclose(facts["accuracy"], accuracies, rtol=1e-6)
        weights = torch.cat([parameter.detach().reshape(-1) for parameter in net.parameters()])
        np.testing.assert_allclose(facts["weights"], weights.double().numpy(), rtol=1e-5, atol=1e-7)
        facts = MINE["evaluate"].expect(case)
        net, _, _, loaders = set_up(case, training=False)
        whole = [next(iter(DataLoader(loader.dataset, 100))) for loader in loaders]
        np.testing.assert_allclose(facts["loss"], [criterion(net(x), y).item() for x, y in whole], rtol=1e-5)


def test_the_slope_of_a_penalty_is_the_formulas() -> None:
    for name, slope in (("l1_torch", np.sign), ("l2_torch", lambda w: 2 * w)):
        for case in MINE[name].cases(np.random.default_rng(1)):
            weights = np.concatenate([p.detach().double().numpy().ravel() for p in model_of(case).parameters()])
            facts = MINE[name].expect(case)
            np.testing.assert_allclose(facts["slope"], case.inputs["lamb"] * slope(weights), rtol=1e-5)


def test_an_evaluation_without_no_grad_is_right_with_a_remark() -> None:
    def evaluate(model: Any, loader: Any, criterion: Any, device: Any) -> tuple[float, float]:
        model.eval()
        total, right = 0.0, 0
        for x, y in loader:
            scores = model(x)
            total += criterion(scores, y).item() * len(y)
            right += int((scores.argmax(1) == y).sum())
        return total / len(loader.dataset), right / len(loader.dataset)

    report = check(evaluate)
    assert report.passed
    assert [(finding.code, finding.severity) for finding in report] == [("TR180", "remark")]
    assert report.note.startswith("Right")


def test_hooks_are_taken_off_again() -> None:
    from torch.optim import optimizer

    before = len(optimizer._global_optimizer_pre_hooks), len(optimizer._global_optimizer_post_hooks)
    check(lambda *arguments: 1 / 0, "train_one_epoch")
    assert (len(optimizer._global_optimizer_pre_hooks), len(optimizer._global_optimizer_post_hooks)) == before


def test_the_catalogue_and_the_exercises_load_without_pytorch() -> None:
    code = "from chainrule.course.exercise import load; load(); import sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
