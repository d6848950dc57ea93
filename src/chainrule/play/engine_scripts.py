"""The engine's run as a script of NumPy or PyTorch, written of the slots of a `Program`."""

from textwrap import indent
from typing import Any

from chainrule.experiments.config import ConfigError
from chainrule.mistakes.steps.penalties import l1_gradient, regularized_step
from chainrule.play import packing, pieces, torch_pieces
from chainrule.play.loop import LoopRunner
from chainrule.play.packing import function, joined
from chainrule.play.program import MISTAKEN, Program, Slots
from chainrule.play.records import Records
from chainrule.play.runner import EngineRunner
from chainrule.play.settings import Settings
from chainrule.play.sources import Lines

ON_SCORES = "dropout on the scores"
STATE = """\
rng = np.random.default_rng(SEED)
rng.bit_generator.state = {state}  # as it is once the weights are drawn"""


BACKWARD = """\
def backward(grad):
    for layer in reversed(layers):
        grad = layer.backward(grad)
"""


class EngineScript:
    """Both scripts of one run.

    Parameters
    ----------
    settings : Settings
    records : Records
    runner : EngineRunner
        At its beginning.
    steps : int
    remarks : list of str
        What the reader should know.

    Raises
    ------
    ConfigError
        If one of its parts is a registry's entry, or a mistake, that no script is written for.
    """

    def __init__(
        self, settings: Settings, records: Records, runner: EngineRunner, steps: int, remarks: list[str]
    ) -> None:
        self.settings, self.records, self.runner = settings, records, runner
        self.steps, self.remarks = steps, remarks
        self.per_epoch = -(-len(records.train) // settings.batch_size)
        self.mark = packing.mark(settings)
        for kind, name, have in (
            *(("activation", name, list(pieces.ACTIVATIONS)) for name in settings.activation),
            ("loss", runner.loss_name, list(pieces.LOSSES)),
            ("optimizer", settings.optimizer, list(pieces.OPTIMIZERS)),
        ):
            if name not in have:
                raise ConfigError(f"no script is written for the {kind} {name!r} yet; it is for {', '.join(have)}")
        if settings.mistake and settings.mistake not in MISTAKEN and not settings.mistake.startswith("RG"):
            raise ConfigError(f"no script is written with the mistake {settings.mistake} yet: switch it off first")
        self.program = self._program()

    def _program(self) -> Program:
        settings, optimizer = self.settings, self.runner.optimizer
        layers: list[str] = []
        for activation in settings.activation:
            layers += ["linear", activation] + (["dropout"] if settings.dropout else [])
        layers += ["linear"] + (["sigmoid"] if self.runner.loss_name == "bce" else [])
        told = {name: getattr(settings, name) for name in ("momentum", "nesterov") if hasattr(optimizer, name)}
        program = Program(
            layers,
            len(self.records.classes),
            pieces.OPTIMIZERS[settings.optimizer][0],
            "".join(f", {name}={value!r}" for name, value in told.items() if value),
            bool(settings.l1 or settings.l2),
        )
        if settings.mistake == "GD120" and isinstance(self.runner, LoopRunner):
            program.rate_of_entry = float(self.runner.do["rate"](settings.lr, self.records.train.x, 1, 0))
        if settings.mistake in MISTAKEN:
            MISTAKEN[settings.mistake](program)
        return program

    def numpy(self) -> str:
        """Return the script that needs NumPy alone."""
        program = self.program
        layers = program.layers
        used = [name for name in pieces.ACTIVATIONS if name in layers]
        helpers, added = self.penalty()
        drops = any(name.startswith("dropout") for name in layers)
        main = [
            packing.unpacking(self.records),
            *(self.marked("seen") + line for line in program.numpy.get("seen", ())),
            *([STATE.format(state=self.runner.net.rng.bit_generator.state)] if drops else []),
            *program.numpy.get("setup", ()),
            self.marked("weights") + self.marked("layers") + self._layers(),
            "linear = [layer for layer in layers if isinstance(layer, Linear)]",
            "values = [array for layer in linear for array in (layer.weight, layer.bias)]",
            "gradients = [array for layer in linear for array in (layer.weight_grad, layer.bias_grad)]",
            self.marked("optimizer") + self._optimizer(),
            "",
            self._forward(drops),
            BACKWARD,
            *([add_penalty("[layer.weight for layer in linear]", "[layer.weight_grad for layer in linear]", added)]
              if program.penalty else []),
            self.loop(program.numpy),
            "",
            "train_loss, test_loss = criterion(forward(x), y)[0], criterion(forward(test_x), test_y)[0]",
            'print(f"after {STEPS} steps: train loss {train_loss:.7g}, test loss {test_loss:.7g}")',
            "return float(train_loss), float(test_loss), values",
        ]  # fmt: skip
        math = ["import math"] if any("math." in pieces.BESIDE.get(name, "") for name in used) else []
        return joined(
            self.head("NumPy", ["import base64", "import io", *math, "", "import numpy as np"]),
            pieces.LINEAR,
            *dict.fromkeys(pieces.BESIDE[name] for name in used if name in pieces.BESIDE),
            *(pieces.activation(name) for name in used),
            pieces.DROPOUT if drops else "",
            pieces.criterion(self.runner.loss_name, self.runner.outputs, len(self.records.classes)),
            *(pieces.optimizer(name) for name, entry in pieces.OPTIMIZERS.items() if entry[0] == program.optimizer),
            *helpers,
            packing.BATCHES,
            function("main()", *main),
            self.packed() + packing.END,
        )

    def torch(self) -> str:
        """Return the script that needs PyTorch and NumPy."""
        program = self.program
        layers = program.layers
        drops = any(name.startswith("dropout") for name in layers)
        helpers, added = self.penalty()
        by_hand = self.settings.mistake.startswith("RG")  # PyTorch's own way has no part where these could be
        kept = program.kept if program.kept != "copies" else ""
        held = f"list(net.parameters()){kept}" if kept else "net.parameters()"
        if program.kept == "copies":
            held = "[p.detach().clone().requires_grad_() for p in net.parameters()]"
        decay = f", weight_decay={program.decay + self._own_decay()!r}" if program.decay else ""
        if by_hand:
            program.torch["forward"] = ["loss = criterion(net(xb), target(yb))"]
            program.torch["back"] = ["loss.backward()", "add_penalty()"]
        penalty = [torch_pieces.penalty(self.settings)] if program.penalty and not by_hand else []
        if by_hand:
            penalty = [add_penalty("[p.detach().numpy() for p in net.parameters() if p.ndim > 1]",
                                   "[p.grad.numpy() for p in net.parameters() if p.ndim > 1]", added)]  # fmt: skip
        main = [
            packing.unpacking(self.records),
            "x, y, test_x, test_y = (torch.from_numpy(array) for array in (x, y, test_x, test_y))",
            *(self.marked("seen") + line for line in program.torch.get("seen", ())),
            *([STATE.format(state=self.runner.net.rng.bit_generator.state)] if drops else []),
            *program.torch.get("setup", ()),
            self.marked("weights") + self.marked("layers") + torch_pieces.network(layers),
            torch_pieces.FIRST_WEIGHTS,
            f"criterion = {torch_pieces.LOSSES[self.runner.loss_name]}",
            f"{self.marked('optimizer')}optimizer = torch.optim.{program.optimizer}({held}, lr=LEARNING_RATE"
            f"{program.options}{decay})",
            "",
            torch_pieces.target(self.runner.loss_name, self.runner.outputs, len(self.records.classes)),
            *penalty,
            self.loop(program.torch),
            "",
            torch_pieces.EVALUATION,
        ]
        return joined(
            self.head("PyTorch", ["import base64", "import io", "", "import numpy as np", "import torch"]),
            torch_pieces.DROPOUT if drops else "",
            *(helpers if by_hand else ()),
            packing.BATCHES,
            function("main()", *main),
            self.packed() + packing.END,
        )

    def head(self, needs: str, imports: list[str]) -> str:
        """Return docstring, imports and constants."""
        s = self.settings
        what = (
            f"{self.steps} steps of {s.optimizer}, float32. The first weights ({s.init}, seed {s.seed}) and the "
            "records are at the end of this file. After very many steps rounding may lead elsewhere than in the "
            "playground."
        )
        constants = [f"LEARNING_RATE = {s.lr!r}", *packing.constants(s, self.steps, self.per_epoch)]
        text = packing.head(s, self.records, self.runner.sizes, needs, [what, *self.remarks])
        return "\n".join([text, *imports, "", *constants])

    def packed(self) -> str:
        """Return records and first weights."""
        arrays: dict[str, Any] = {}
        for i, (weight, bias) in enumerate(self.runner.weights()):
            arrays |= {f"weight{i}": weight, f"bias{i}": bias}
        return packing.packed(self.records, **arrays)

    def marked(self, place: str) -> str:
        """Return the comment above a place where the mistake is; empty elsewhere."""
        return f"# {self.mark}\n" if place in self.program.wrong else ""

    def _layers(self) -> str:
        lines, number = [], 0
        for name in self.program.layers:
            if name == "linear":
                lines.append(f'Linear(data["weight{number}"], data["bias{number}"]),')
                number += 1
            elif name.startswith("dropout"):
                lines.append(f"Dropout({'0.5' if name == ON_SCORES else 'DROPOUT'}, rng),")
            else:
                lines.append(f"{pieces.ACTIVATIONS[name][0]}(),")
        return "layers = [\n" + indent("\n".join(lines), "    ") + "\n]"

    def _forward(self, drops: bool) -> str:
        run = "x = layer.forward(x)"
        if drops:
            run = f"if training or not isinstance(layer, Dropout):\n    {run}"
        return function("forward(x, training=False)", "for layer in layers:", indent(run, "    "), "return x")

    def _optimizer(self) -> str:
        program = self.program
        held = f"values{program.kept}, gradients{program.kept}"
        if program.kept == "copies":
            held = "[w.copy() for w in values], [np.zeros_like(w) for w in values]"
        decay = f", weight_decay={program.decay + self._own_decay()!r}" if program.decay else ""
        return f"optimizer = {program.optimizer}({held}{program.options}{decay})"

    def _own_decay(self) -> float:
        return float(pieces.OPTIMIZERS[self.settings.optimizer][2])

    def loop(self, slots: Slots) -> str:
        """Return the loop over the batches."""
        body = self.program.lines(slots, self.mark)
        return "for step, rows in zip(range(STEPS), batches(len(x))):\n" + indent(body, "    ")

    def penalty(self) -> tuple[list[str], str]:
        """Return functions, and the lines that add the penalty's slopes to ``weight_grads``."""
        s = self.settings
        if not s.mistake.startswith("RG"):
            slopes = ["L1 * np.sign(w)"] * bool(s.l1) + ["2 * L2 * w"] * bool(s.l2)
            return [], f"for w, g in zip(weights, weight_grads):\n    g += factor * ({' + '.join(slopes)})"
        assert isinstance(self.runner, LoopRunner)
        helpers: dict[str, str] = {}
        added = []
        if s.l2:
            lines = Lines(regularized_step, self.runner.replaced, ["slopes"], packing.short_mark(s))
            helpers |= lines.helpers
            helpers["l2"] = function("penalised(weights, grads, lr, lamb)", *lines.lines, "return slopes")
            added.append(
                "for g, slope in zip(weight_grads, penalised(weights, weight_grads, LEARNING_RATE, L2)):\n"
                "    g += factor * (slope - g)"
            )
        if s.l1:
            lines = Lines(l1_gradient, self.runner.replaced, ["l1_slope"], packing.short_mark(s))
            helpers |= lines.helpers
            helpers["l1"] = function("l1_slope_of(weights, lamb)", *lines.lines, "return l1_slope")
            added.append("for w, g in zip(weights, weight_grads):\n    g += factor * l1_slope_of(w, L1)")
        return list(helpers.values()), "\n".join(added)


def add_penalty(weights: str, gradients: str, added: str) -> str:
    """Return the function that adds the penalty's slope."""
    lists = f"weights = {weights}\nweight_grads = {gradients}"
    return function("add_penalty(factor=1)", lists, added, doc="Add the slope of L1 * Σ|w| + L2 * Σw².")
