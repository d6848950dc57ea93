"""The clock of a session: trains in slices on the event loop, and shows a frame when the last one is drawn."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from chainrule.play.frames import Message
from chainrule.play.session import Session, error

SLICE = 0.012  # seconds of training between two looks at what else there is to do
TURNS = 8  # of the event loop, between two slices: a notebook's kernel takes several to hand over one message
QUIET = 0.5  # seconds without a change of the settings, after which the list of mistakes is made
PATIENCE = 5.0  # seconds without an answer to a frame, after which nobody seems to look, and training rests


class Player:
    """Drives a session as an asyncio task.

    Parameters
    ----------
    session : Session
    send : callable
        Takes each message for the page.
    ahead : int
        Frames that may be on their way; more than one where answers take long.
    """

    def __init__(self, session: Session, send: Callable[[Message], None], ahead: int = 1) -> None:
        self.session, self.send, self.ahead = session, send, ahead
        self._task: asyncio.Task[None] | None = None
        self._sent, self._drawn, self._heard_at = 0, 0, 0.0
        self._updates: list[float] = []
        self._listed: Any = None
        self._listing: asyncio.Task[None] | None = None

    def receive(self, message: Any) -> None:
        """Answer a message, and train or rest as it says."""
        if isinstance(message, dict) and message.get("type") == "ack":
            number = message.get("frame")
            if isinstance(number, int) and self._drawn < number <= self._sent:
                self._drawn, self._heard_at = number, time.perf_counter()
            self._go()
            return
        for answer in self.session.handle(message):
            self.tell(answer)
        self._drawn, self._heard_at = self._sent, time.perf_counter()
        self._go()
        if self.session.settings != self._listed:
            self._list_soon()

    def _list_soon(self) -> None:
        """Tell which mistakes go with the settings, once they have been left alone for a while."""
        if self._listing is not None:
            self._listing.cancel()
        self._listing = asyncio.get_running_loop().create_task(self._list())
        self._listing.add_done_callback(self._ended)

    async def _list(self) -> None:
        await asyncio.sleep(QUIET)
        settings = self.session.settings
        mistakes = await asyncio.to_thread(self.session.mistakes)
        if settings is self.session.settings:
            self._listed = settings
            self.tell(Message(self.session.state().header | {"mistakes": mistakes}))

    def _go(self) -> None:
        if self.active and (self._task is None or self._task.done()):
            self._task = asyncio.get_running_loop().create_task(self._play())
            self._task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and (problem := task.exception()) is not None:
            self.session.playing = False
            self.tell(error(f"the playground can't go on: {type(problem).__name__}: {problem}"))

    @property
    def _free(self) -> bool:
        """Whether another frame may be sent."""
        return self._sent - self._drawn < self.ahead

    @property
    def active(self) -> bool:
        """Whether there is something to train and somebody who looks."""
        return self.session.playing and not self.session.hidden

    def close(self) -> None:
        """Stop."""
        self.session.playing = False
        if self._task is not None:
            self._task.cancel()
        if self._listing is not None:
            self._listing.cancel()

    def tell(self, message: Message) -> None:
        """Send a message; of a frame, remember that it is to be acknowledged."""
        if message.header["type"] == "frame":
            now = time.perf_counter()
            self._updates = [at for at in self._updates if now - at < 1] + [now]
            message.header["updates_per_second"] = len(self._updates)
            self._sent = message.header["number"]
        self.send(message)

    async def _play(self) -> None:
        due = now = time.perf_counter()
        while self.active and (self._free or now - self._heard_at < PATIENCE):
            now = time.perf_counter()
            speed = 0 if self.session.goal else self.session.speed
            if speed and now < due:
                await asyncio.sleep(min(due - now, 0.02))
                continue
            ended = self.session.advance(SLICE)
            if speed and ended:
                due = max(due + 1 / speed, now - 0.1)
            while not speed and self.session.playing and time.perf_counter() - now < SLICE:
                self.session.advance(SLICE)
            if not self.session.playing:
                self.tell(self.session.state())
            if self._free or not self.session.playing:
                for message in self.session.shown():
                    self.tell(message)
            for _ in range(TURNS):
                await asyncio.sleep(0)
