"""What is said of a submission's answers, as plain data: by the child that runs it, to the parent that judges."""

import base64
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from chainrule.course.exercise import Case, Exercise, choose
from chainrule.course.observation import Observation, Raised, TookTooLong, observe, without_data
from chainrule.course.trace import Assignment, Place

Say = Callable[[dict[str, Any]], None]
LARGEST = 100_000  # values in one fact
WATCHED = 0.5  # seconds for running an answer once more, line by line, on as many cases as there is time for
WORDS = 300  # characters of a learner's text


def cases_for(exercise: Exercise, seeds: Sequence[int]) -> list[Case]:
    """Return the cases of an exercise for all seeds, those of the first seed first."""
    return [case for seed in seeds for case in exercise.tried_on(seed)]


def answers(namespace: dict[str, Any], exercises: Sequence[Exercise]) -> Iterator[tuple[Exercise, Any]]:
    """Yield each exercise that a namespace holds an answer to, with the answer."""
    for names in dict.fromkeys(exercise.called or exercise.name for exercise in exercises):
        given = [namespace.get(name) for name in names.split()]
        if all(callable(one) for one in given):
            answer = given[0] if len(given) == 1 else tuple(given)
            exercise = choose(answer, names, exercises)
            if exercise is not None and (exercise.suits is None or exercise.suits(answer)):
                yield exercise, answer


def testify(
    namespace: dict[str, Any],
    exercises: Sequence[Exercise],
    cases: Mapping[str, Sequence[Case]],
    seconds: float,
    say: Say,
    replaced: Callable[[], list[str]],
) -> None:
    """Observe every answer in a namespace, each for some seconds at most, and say what was seen of it.

    Parameters
    ----------
    namespace : dict
        What a submission has defined.
    exercises : sequence of Exercise
        Those that it may hold answers to.
    cases : mapping of str to sequence of Case
        On what each exercise is tried.
    seconds : float
        Time for each answer.
    say : callable
        Takes each message.
    replaced : callable
        Returns, and puts right, what an answer has changed of NumPy and its like.
    """
    for exercise, answer in answers(namespace, exercises):
        say({"starts": exercise.name})
        seen: list[Observation] = []
        borrowed: list[str] = []
        try:
            with time_for(seconds):
                with without_data(answer) as hidden:
                    _observe(exercise, answer, cases[exercise.name], seen)
                borrowed = sorted({one.raised.name for one in seen if one.raised is not None} & hidden.keys())
                if borrowed:
                    seen.clear()
                    _observe(exercise, answer, cases[exercise.name], seen)
        except BaseException as error:  # a learner's own kind of error, or the time is over between two cases
            late = Raised.of(error)
            seen += [Observation(case, raised=late) for case in cases[exercise.name][len(seen) :]]
        before = replaced()
        assigned = _assigned(seen)
        try:
            with time_for(seconds):
                said = [_said(one, lines) for one, lines in zip(seen, assigned, strict=True)]
        except BaseException as error:  # what came back is endless, or raises when it is asked for its numbers
            said = [_said(Observation(one.case, raised=Raised.of(error)), ()) for one in seen]
        changed = sorted({*before, *replaced()})
        say({"exercise": exercise.name, "borrowed": borrowed, "replaced": changed, "seen": said})


@contextmanager
def time_for(seconds: float) -> Iterator[None]:
    """Raise TookTooLong in whatever runs when the time is over, and again each second; where signals allow it.

    Processor time counts, since others may keep the machine busy; an answer that sleeps has three times as long.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return

    worked, began = time.process_time(), time.monotonic()

    def stop(number: int, frame: Any) -> None:
        if time.process_time() - worked > seconds or time.monotonic() - began > 3 * seconds:
            raise TookTooLong(f"it ran for more than {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, min(seconds, 1.0))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _observe(exercise: Exercise, answer: Any, cases: Sequence[Case], seen: list[Observation]) -> None:
    """Observe every case; once the time is over, those that are left count as having taken too long as well."""
    for case in cases:
        late = bool(seen) and seen[-1].raised is not None and seen[-1].raised.kind == TookTooLong.__name__
        seen.append(Observation(case, raised=seen[-1].raised) if late else observe(exercise, answer, case))


def _assigned(seen: Sequence[Observation]) -> list[Sequence[Assignment]]:
    """Return what an answer's code assigns in each case, as far as there is time."""
    assigned: list[Sequence[Assignment]] = []
    try:
        with time_for(WATCHED):
            for one in seen:
                assigned.append(one.watch() if one.raised is None else ())
    except BaseException:  # the time is over, or it raises what it did not raise before: lines are no verdict
        pass
    return [*assigned, *[()] * (len(seen) - len(assigned))]


def _said(one: Observation, assigned: Sequence[Assignment]) -> dict[str, Any]:
    raised = one.raised and [one.raised.kind, one.raised.text, one.raised.name, _line(one.raised.place)]
    return {
        "facts": {name: encode(value) for name, value in one.facts.items()},
        "remarks": {name: encode(value) for name, value in one.remarks.items()},
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
        raised = Raised(plain(kind), plain(text), plain(name), _place(place))
    assigned = [
        Assignment(plain(name), _place(place) or Place(None, 0), decode(value))
        for name, place, value in said["assigned"]
        if isinstance(value, dict)
    ]
    return Observation(
        case,
        {str(name): decode(value) for name, value in said["facts"].items()},
        raised,
        tuple(map(plain, said["changed"])),
        _place(said["changing"]),
        lambda until=None: assigned,
        {str(name): decode(value) for name, value in said["remarks"].items()},
    )


def plain(text: Any) -> str:
    """Return a learner's words on one line and not endless, without what would move a terminal's cursor."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in str(text)[: 4 * WORDS]).split())
    return line if len(line) <= WORDS else line[: WORDS - 1] + "…"


def _line(place: Place | None) -> list[Any] | None:
    return None if place is None else [place.file, place.line, place.text]


def _place(said: Any) -> Place | None:
    return Place(said[0] and plain(said[0]), int(said[1]), plain(said[2])) if said else None


def encode(value: Any) -> Any:
    """Return a fact as plain JSON: texts, truths and nothing as they are, numbers and arrays in base 64.

    What is no array, or can't be made one, or one too large, is only said to be so.
    """
    if value is None or isinstance(value, str | bool):
        return value if value is None else plain(value) if isinstance(value, str) else bool(value)
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    if isinstance(value, np.ndarray) and value.size > LARGEST:
        return f"an array of shape {value.shape}"
    try:
        array = np.array(value, dtype=np.float64)
    except Exception:  # whatever a learner's object does when it is asked for its numbers
        return f"a {type(value).__name__}"
    if array.size > LARGEST:
        return f"an array of shape {array.shape}"
    return {"shape": array.shape, "data": base64.b64encode(array.tobytes()).decode("ascii")}


def decode(said: Any) -> Any:
    """Return the fact that `encode` wrote."""
    if said is None or isinstance(said, str | bool):
        return said
    return np.frombuffer(base64.b64decode(said["data"])).reshape(tuple(map(int, said["shape"])))
