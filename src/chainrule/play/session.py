"""A session: the state behind one page. Messages come in and are answered; training goes on in between."""

import math
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, ClassVar

from chainrule.data import DataError
from chainrule.experiments.config import ConfigError
from chainrule.mistakes.mistake import CATALOGUE
from chainrule.play import frames
from chainrule.play.answers import ANSWERS
from chainrule.play.breaking import applies, broken
from chainrule.play.calls import YourCodeError
from chainrule.play.catalog import catalog
from chainrule.play.findings import finding
from chainrule.play.frames import Message
from chainrule.play.links import Pasted, link_of, restored, table
from chainrule.play.records import records
from chainrule.play.settings import LIVE, PASTED, Settings
from chainrule.play.training import Training

if TYPE_CHECKING:
    from chainrule.play.yours import Plugged


class Session:
    """One network in training, and its controls.

    Parameters
    ----------
    settings : Settings, optional
        What the page begins with.
    yours : Plugged, optional
        A learner's functions, which drive lesson 1's network.

    Attributes
    ----------
    playing : bool
        Whether training goes on by itself; nobody looking (``hidden``) makes it rest.
    speed : float
        Epochs in a second; 0 is as many as there can be.
    goal : int
        The step that a link leads to; training goes there as fast as it can, and stops. 0 is no goal.
    """

    def __init__(self, settings: Settings | None = None, yours: "Plugged | None" = None) -> None:
        settings = settings or (_for_functions(yours.names) if yours else Settings())
        self.settings, self.yours = settings, yours
        self.pasted: Pasted | None = None
        self.playing, self.hidden, self.speed, self.frames = False, False, 0.0, 0
        self.goal = 0
        self._raised: YourCodeError | None = None
        self.training = self._built(self.settings, self.pasted)

    def __repr__(self) -> str:
        return f"Session({self.training!r}, {'playing' if self.playing else 'paused'})"

    def handle(self, message: Any) -> list[Message]:
        """Do what a page's message asks for and return what the page has to know now; an error is an answer, too."""
        kind = message.get("type") if isinstance(message, dict) else None
        known = self.handlers | ANSWERS
        handler = known.get(kind) if isinstance(kind, str) else None
        if handler is None:
            return [error(f"unknown message {str(kind)[:80]!r}: known are {', '.join(known)}")]
        try:
            return handler(self, message)
        except (ConfigError, DataError) as problem:
            return [error(str(problem)), self.state()]
        except FloatingPointError as problem:
            self.playing = False
            return [error(str(problem)), self.state()]
        except YourCodeError as problem:
            self.playing = False
            return [self.state(), raised(problem)]

    def hello(self, message: dict[str, Any]) -> list[Message]:
        """Begin a page: with the link's settings, if there is one that can be read."""
        said = []
        if link := message.get("link"):
            try:
                if not isinstance(link, str):
                    raise ConfigError(f"link must be a text; got {type(link).__name__}")
                settings, pasted, steps = restored(link)
                self.start(settings, pasted)
                self.playing, self.goal = steps > 0, steps
            except (ConfigError, DataError) as problem:
                said = [error(f"the link can't be restored: {problem}")]
        past = [self.training.past()] if self.training.batches else []
        names = list(self.yours.names) if self.yours else None
        return [Message(catalog() | {"yours": names}), *self.everything(), *past, *self.reports(), *said]

    def set(self, message: dict[str, Any]) -> list[Message]:
        """Change settings: how it learns, from here on; anything else, and the network begins anew."""
        values = message.get("settings")
        if not isinstance(values, dict):
            raise ConfigError("settings must be an object of names and values")
        before = self.training
        self.start(self.settings.changed({str(name): value for name, value in values.items()}))
        if values.keys() <= LIVE and type(before.runner) is type(self.training.runner) and not before.sentence:
            self.training.go_on_from(before)
            return [self.state(), *self.shown()]
        return self.everything()

    def play(self, message: dict[str, Any]) -> list[Message]:
        """Go on training; after a divergence, from the beginning."""
        if self.training.sentence:
            self.training = self._built(self.settings, self.pasted)
        self.playing, self.goal = True, 0
        return [self.state()]

    def pause(self, message: dict[str, Any]) -> list[Message]:
        """Stop for a while."""
        self.playing, self.goal = False, 0
        return [self.state(), *self.shown()]

    def step(self, message: dict[str, Any]) -> list[Message]:
        """Learn from one batch."""
        self.training.step()
        return self.pause(message)

    def epoch(self, message: dict[str, Any]) -> list[Message]:
        """Learn from the batches up to the end of the epoch."""
        self.training.finish_epoch()
        return self.pause(message)

    def reset(self, message: dict[str, Any]) -> list[Message]:
        """Begin anew, with the same seeds."""
        self.playing, self.goal = False, 0
        self.start(self.settings)
        return self.everything()

    def pace(self, message: dict[str, Any]) -> list[Message]:
        """Set how many epochs there are in a second; 0 is as many as there can be."""
        value = message.get("value")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1000:
            raise ConfigError(f"speed must be a number from 0 (as fast as it goes) to 1000; got {str(value)[:80]}")
        self.speed = float(value)
        return []

    def hide(self, message: dict[str, Any]) -> list[Message]:
        """Rest while nobody looks."""
        self.hidden = True
        return []

    def show(self, message: dict[str, Any]) -> list[Message]:
        """Go on when somebody looks again."""
        self.hidden = False
        return [*self.shown()]

    handlers: ClassVar[dict[str, Callable[["Session", dict[str, Any]], list[Message]]]] = {
        "hello": hello,
        "set": set,
        "play": play,
        "pause": pause,
        "step": step,
        "epoch": epoch,
        "reset": reset,
        "speed": pace,
        "hide": hide,
        "show": show,
    }

    def advance(self, seconds: float = math.inf) -> bool:
        """Train to the end of the epoch, or for some time; return whether it was reached. Stop where it can't go on."""
        ended = True
        try:
            ended = self.training.finish_epoch(seconds, self.goal or math.inf)
        except YourCodeError as problem:
            self.playing, self._raised = False, problem
        self.playing = self.playing and not self.training.sentence
        if self.goal and self.training.batches >= self.goal:
            self.playing, self.goal = False, 0
        return ended

    def start(self, settings: Settings, pasted: Pasted | None = None) -> None:
        """Take settings, and a table if there is a new one; if they can't be had, stay with those that are."""
        pasted = pasted or self.pasted
        self.training, self.goal = self._built(settings, pasted), 0
        self.settings, self.pasted = settings, pasted

    def _built(self, settings: Settings, pasted: Pasted | None) -> Training:
        found = records(settings, table(pasted) if pasted and settings.data == PASTED else None)
        right = broken(settings, found, "")
        plugged = self.plugged(settings)
        if settings.mistake or plugged:
            return Training(settings, found, broken(settings, found, settings.mistake, plugged), ghost=right)
        return Training(settings, found, right)

    def plugged(self, settings: Settings) -> "Plugged | None":
        """Return the learner's functions where they drive the run: by hand, and without a mistake of ours."""
        return self.yours if settings.by_hand and not settings.mistake else None

    def everything(self) -> list[Message]:
        """Return state, data and a frame."""
        return [self.state(), frames.data(self.training.records), *self.shown()]

    def state(self) -> Message:
        """Return the settings, the network's shape, and whether it is learning."""
        settings = {name: getattr(self.settings, name) for name in self.settings.__dataclass_fields__}
        run, runner, found = self.training, self.training.runner, self.training.records
        header = {
            "type": "state",
            "settings": settings | {"features": list(found.train.features)},
            "link": link_of(self.settings, self.pasted, 0 if self.playing or run.altered else run.batches),
            "playing": self.playing,
            "altered": run.altered,
            "shape": {"layers": list(runner.sizes), "activations": list(runner.activations)},
        }
        return Message(header | ({"broken": self.mistake()} if self.settings.mistake else {}))

    def mistake(self) -> dict[str, Any]:
        """Return the words for the mistake that is switched on, and what check says of it."""
        code, entry = self.settings.mistake, CATALOGUE[self.settings.mistake]
        words = {name: getattr(entry, name) for name in ("code", "title", "symptom", "explanation", "fix")}
        return words | {"finding": finding(self.settings, self.training.records, code).as_dict()}

    def mistakes(self) -> list[dict[str, Any]]:
        """Return all mistakes that can be shown, and whether this network has the part for them."""
        return [asdict(entry) for entry in applies(self.settings, self.training.records)]

    def shown(self) -> list[Message]:
        """Return a frame, or what a learner's function raised in place of it."""
        problem, self._raised = self._raised, None
        said = [raised(problem)] if problem else []
        self.frames += 1
        try:
            return [*said, self.training.frame(self.frames)]
        except YourCodeError as problem:
            return said or [raised(problem)]

    def reports(self) -> list[Message]:
        """Return what check says of each of the learner's functions."""
        found = self.yours.reports.items() if self.yours else ()
        return [Message({"type": "finding", "name": name, "report": report.as_dict()}) for name, report in found]


def raised(problem: YourCodeError) -> Message:
    """Return what a learner's function raised, and where."""
    return Message({"type": "raised", "text": str(problem)[:2000], "file": problem.file, "line": problem.line})


def error(message: str) -> Message:
    """Return an error's words for the page."""
    return Message({"type": "error", "message": message[:1000]})


def _for_functions(names: tuple[str, ...]) -> Settings:
    """Return settings in which a learner's functions have something to do."""
    penalties = {name[:2]: 0.001 for name in names if name in ("l1_regularization", "l2_regularization")}
    return Settings.beginning("moons").changed({"by_hand": True, **penalties})
