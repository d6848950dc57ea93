"""The playground in a notebook: the same page and session, over the notebook's own connection."""

from typing import Any

import anywidget

from chainrule.play import page
from chainrule.play.frames import Message, plain
from chainrule.play.player import Player
from chainrule.play.session import Session


class Playground(anywidget.AnyWidget):
    """A session's page as a widget of JupyterLab and the classic Notebook.

    Parameters
    ----------
    session : Session
    """

    _esm = page.script()
    _css = page.style()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.player = Player(session, self._tell, ahead=3)
        self.on_msg(self._heard)

    def __repr__(self) -> str:
        return f"Playground({self.session!r})"

    def close(self) -> None:
        """Stop training, and take the widget away."""
        self.player.close()
        super().close()

    def _tell(self, message: Message) -> None:
        header, body = message.parts()
        self.send(plain(header), buffers=[body])

    def _heard(self, _: Any, content: Any, buffers: Any) -> None:
        self.player.receive(content)
