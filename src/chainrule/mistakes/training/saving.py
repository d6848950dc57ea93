"""What is written to disk: weights at all, the trained ones, and under the right key."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chainrule.mistakes.catalogue.training_results import no_weights_saved, other_weights_saved
from chainrule.mistakes.evidence import Evidence

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Recording, Save

OPTIMIZER = re.compile(r"^(?:opt|optim|optimizer)(?:_|$)", re.IGNORECASE)


@no_weights_saved.observed()
def _no_weights_saved(run: "Recording") -> Iterator[Evidence]:
    for save in run.saves:
        kinds = save.contents or {"": save.kind}
        for key, kind in kinds.items():
            if kind not in {"class", "method"} or (kind == "method" and "state_dict" not in run.source(save.place)):
                continue
            what = (
                "a class, the recipe of a network" if kind == "class" else "the method state_dict, which was not called"
            )
            under = f" under {key!r}" if key else ""
            yield Evidence(f"{save.path} holds{under} {what}: there is no weight in it", save.place)


@other_weights_saved.observed(whole_epochs=True)
def _other_weights_saved(run: "Recording") -> Iterator[Evidence]:
    for save in run.saves:
        yield from _unused(run, save)
        weights = {key: digest for key, digest in save.digests.items() if save.contents.get(key) == "weights"}
        for key in weights:
            if OPTIMIZER.search(key):
                same = next((other for other in weights if other != key and weights[other] == weights[key]), "")
                also = f", the same as under {same!r}" if same else ""
                yield Evidence(
                    f"{key!r} holds a network's weights{also}, and not an optimizer's state", save.place,
                    fix=f"{key!r}: optimizer.state_dict()",
                )  # fmt: skip
    yield from _untrained(run)


def _unused(run: "Recording", save: "Save") -> Iterator[Evidence]:
    """Look for a network that was never called, saved after another one had been trained."""
    trained = {model for each in run.training if each.at < save.at for model in each.models}
    for key, place in save.unused.items():
        called_later = any(model.digests and model.digests[0][1] == save.digests[key] for model in run.models)
        if trained and not called_later and not _loads(run):
            where = f" (made in line {place.line})" if place else ""
            yield Evidence(
                f"the saved weights are those of a network that was never used{where}: the trained ones differ",
                save.place,
            )


def _untrained(run: "Recording") -> Iterator[Evidence]:
    """Look for weights that were saved before training, and not again."""
    last = run.saves[-1] if run.saves else None
    if last is None or _loads(run) or not any(last.digests.values()):
        return
    for model in run.models:
        numbers = {parameter.number for parameter in model.parameters}
        steps = [step.at for step in run.steps if numbers.intersection(run.optimizers[step.optimizer].parameters)]
        if not steps or not model.digests or len({digest for _, digest in model.digests}) == 1:
            continue
        if last.at < steps[0] and model.digests[0][1] in last.digests.values():
            yield Evidence(
                f"the weights were saved before the first of {len(steps):,} training steps, and not again",
                last.place,
                severity="warning",
            )


def _loads(run: "Recording") -> bool:
    """Whether the program loads anything: then what is saved may be where experiments begin."""
    return any("load_state_dict" in text or "torch.load" in text for text in run.program.texts.values())
