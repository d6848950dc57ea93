"""What is said of a submission's answers, as plain data: by the child that runs it, to the parent that judges."""

import base64
import io
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from chainrule.course.exercise import Case, Exercise, choose
from chainrule.course.observation import Observation, Raised, TookTooLong, observe, without_data
from chainrule.course.trace import Assignment, Place

Say = Callable[[dict[str, Any]], None]


def answers(namespace: dict[str, Any], exercises: Sequence[Exercise]) -> Iterator[tuple[Exercise, Any]]:
    """Yield each exercise that a namespace holds an answer to, with the answer."""
    for names in dict.fromkeys(exercise.called or exercise.name for exercise in exercises):
        given = [namespace.get(name) for name in names.split()]
        if all(callable(one) for one in given):
            answer = given[0] if len(given) == 1 else tuple(given)
            exercise = choose(answer, names, exercises)
            if exercise is not None:
                yield exercise, answer


def testify(
    namespace: dict[str, Any], exercises: Sequence[Exercise], seeds: Sequence[int], seconds: float, say: Say
) -> None:
    """Observe every answer in a namespace, each for some seconds at most, and say what was seen of it."""
    for exercise, answer in answers(namespace, exercises):
        with time_for(seconds):
            with without_data(answer) as hidden:
                seen = _observe(exercise, answer, seeds)
            borrowed = sorted({one.raised.name for one in seen if one.raised is not None} & hidden.keys())
            if borrowed:
                seen = _observe(exercise, answer, seeds)
            said = [_said(one) for one in seen]
        say({"exercise": exercise.name, "borrowed": borrowed, "seen": said})


@contextmanager
def time_for(seconds: float) -> Iterator[None]:
    """Raise TookTooLong in whatever runs when the time is over, and again each second; where signals allow it."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(number: int, frame: Any) -> None:
        raise TookTooLong(f"it ran for more than {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _observe(exercise: Exercise, answer: Any, seeds: Sequence[int]) -> list[Observation]:
    """Observe every case; once the time is over, those that are left count as having taken too long as well."""
    seen: list[Observation] = []
    for seed in seeds:
        for case in exercise.cases(np.random.default_rng(seed)):
            late = bool(seen) and seen[-1].raised is not None and seen[-1].raised.kind == TookTooLong.__name__
            seen.append(Observation(case, raised=seen[-1].raised) if late else observe(exercise, answer, case))
    return seen


def _said(one: Observation) -> dict[str, Any]:
    raised = one.raised and [one.raised.kind, one.raised.text, one.raised.name, _line(one.raised.place)]
    assigned = one.watch() if one.raised is None else ()
    return {
        "facts": {name: encode(value) for name, value in one.facts.items()},
        "raised": raised,
        "changed": one.changed,
        "changing": _line(one.changing),
        "assigned": [[each.name, _line(each.place), encode(each.value)] for each in assigned],
    }


def heard(case: Case, said: dict[str, Any]) -> Observation:
    """Return the observation that a child's message describes.

    Raises
    ------
    ValueError, KeyError, TypeError
        If the message is none.
    """
    raised = None
    if said["raised"]:
        kind, text, name, place = said["raised"]
        raised = Raised(str(kind), str(text), str(name), _place(place))
    assigned = [
        Assignment(str(name), _place(place) or Place(None, 0), decode(value)) for name, place, value in said["assigned"]
    ]
    return Observation(
        case,
        {str(name): decode(value) for name, value in said["facts"].items()},
        raised,
        tuple(map(str, said["changed"])),
        _place(said["changing"]),
        lambda: assigned,
    )


def _line(place: Place | None) -> list[Any] | None:
    return None if place is None else [place.file, place.line, place.text]


def _place(said: Any) -> Place | None:
    return Place(said[0] and str(said[0]), int(said[1]), str(said[2])) if said else None


def encode(value: Any) -> Any:
    """Return a fact as plain JSON: texts, truths and nothing as they are, numbers and arrays as .npy in base 64."""
    if value is None or isinstance(value, str | bool):
        return value
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        return f"a {type(value).__name__}"
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return {"array": base64.b64encode(file.getvalue()).decode("ascii")}


def decode(said: Any) -> Any:
    """Return the fact that `encode` wrote."""
    if said is None or isinstance(said, str | bool):
        return said
    return np.load(io.BytesIO(base64.b64decode(said["array"])), allow_pickle=False)
