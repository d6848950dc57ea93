"""Stopping and resuming the listening to torch functions."""

from contextlib import AbstractContextManager
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

_stack: Any = torch.overrides


class Quiet(AbstractContextManager[None]):
    """A context in which a mode does not listen; it may be entered inside itself.

    While a batch is fetched or an optimizer steps, hundreds of torch functions run that say nothing.
    """

    def __init__(self, mode: TorchFunctionMode) -> None:
        self._mode = mode
        self._off: list[bool] = []

    def __enter__(self) -> None:
        on_top = _stack._get_current_function_mode() is self._mode
        if on_top:
            _stack._pop_mode()
        self._off.append(on_top)

    def __exit__(self, *_: Any) -> None:
        if self._off.pop():
            _stack._push_mode(self._mode)


def leave(mode: Any) -> None:
    """Take a mode off the stack, wherever in it it is."""
    above: list[Any] = []
    while _stack._get_current_function_mode() is not None:
        top = _stack._pop_mode()
        if top is mode:
            break
        above.append(top)
    for other in reversed(above):
        _stack._push_mode(other)
