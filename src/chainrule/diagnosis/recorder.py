"""The recorder: everything that listens, switched on together and off together."""

from typing import Any

from chainrule.diagnosis import nonfinite
from chainrule.diagnosis.functions import Functions
from chainrule.diagnosis.gradients import Gradients
from chainrule.diagnosis.histories import Histories
from chainrule.diagnosis.loaders import Loaders
from chainrule.diagnosis.modes import Quiet, leave
from chainrule.diagnosis.modules import Modules
from chainrule.diagnosis.optimizers import Optimizers
from chainrule.diagnosis.output import Output
from chainrule.diagnosis.patching import Patches
from chainrule.diagnosis.probe import probe
from chainrule.diagnosis.recording import Backward, Batch, LossCall, Pass, Recording
from chainrule.diagnosis.watcher import Watcher


class Recorder:
    """Records a run between `start` and `stop`, and changes nothing in it.

    Parameters
    ----------
    recording : Recording
        What is filled; its ``program`` may already know the files, and ``cut`` ends each epoch after so many batches.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.watcher = Watcher(recording)
        self.histories = Histories(self.watcher)
        self.gradients = Gradients(self.watcher)
        self.functions = Functions(self.watcher, self.gradients)
        self.quiet = self.watcher.quiet = Quiet(self.functions)
        self.modules = Modules(self.watcher, self.gradients)
        self.optimizers = Optimizers(self.watcher, self.gradients, self.quiet)
        self.loaders = Loaders(self.watcher, self.quiet, self.modules, recording.cut)
        self.output = Output(self.watcher, self.quiet, self.histories.look)
        self.modules.loops = self.loaders
        self.functions.module, self.functions.heard = self.modules.module, self.modules.note_heard
        self.functions.met_nonfinite = self.gradients.met_nonfinite = self._nonfinite
        self.output.models = lambda: self.modules.models.kept
        self.output.unused = self.modules.models.unused
        self.watcher.entered = self.histories.look
        self.watcher.left = self._left
        self._patches = Patches()
        self._handles: list[Any] = []

    def start(self) -> None:
        """Begin to listen."""
        self.output.listen(self._patches)
        self.loaders.listen(self._patches)
        self._handles = [*self.optimizers.listen(self._patches), *self.modules.listen(self._patches)]
        _stay_eager(self._patches)
        self.functions.__enter__()  # type: ignore[no-untyped-call]

    def stop(self, namespace: dict[str, Any] | None = None) -> None:
        """Stop listening, and look at what there is now: histories in ``namespace``, and copies of the models."""
        leave(self.functions)
        for handle in self._handles:
            handle.remove()
        self._patches.undo()
        attempt = self.watcher.attempt
        if self.watcher.current:
            attempt(self.watcher.end_pass, self.watcher.current, complete=False)
        attempt(self.histories.look, namespace)
        attempt(self.output.finish)
        attempt(self.histories.finish)
        for number, module in self.modules.models.kept.items():
            self.recording.models[number].probe = probe(module, self.modules.inputs.get(number, []))
        self.recording.blind = dict(self.watcher.blind)

    def _left(self, each: Pass) -> None:
        self.modules.models.left(each)

    def _nonfinite(self, batch: Batch, loss: LossCall | Backward) -> None:
        self.gradients.in_backward += 1  # the model's parts that are run again are no calls of the program's
        try:
            self.recording.nonfinite = nonfinite.find(self.watcher, batch, loss, self.modules.last_call)
        finally:
            self.gradients.in_backward -= 1


def _stay_eager(patches: Patches) -> None:
    """Let compiled models run uncompiled: what was compiled can't be listened to."""
    import torch

    def compile_later(original: Any, *args: Any, **kwargs: Any) -> Any:
        return original(*args, **kwargs | {"disable": True})

    patches.wrap(torch, "compile", compile_later)
