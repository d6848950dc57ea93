"""Lesson 1's run as a script: its parts as straight lines of NumPy, or as PyTorch's autograd does it."""

from dataclasses import replace

from chainrule.mistakes.step import Replaced
from chainrule.mistakes.steps.penalties import l1_gradient, l2_gradient
from chainrule.play import packing
from chainrule.play.lesson import LessonRunner, played
from chainrule.play.loop import first_weights
from chainrule.play.packing import function, joined
from chainrule.play.records import Records
from chainrule.play.settings import Settings
from chainrule.play.sources import Lines
from chainrule.play.your_source import SLOPE, wired, written
from chainrule.play.yours import Plugged

NEW = ("new_weights_input_to_hidden", "new_weights_hidden_to_output")
WEIGHTS = "weights_input_to_hidden, weights_hidden_to_output"

IMPORTS = ["import base64", "import io", "", "import numpy as np"]

MAIN = '''\
weights_input_to_hidden, weights_hidden_to_output = data["weights_input_to_hidden"], data["weights_hidden_to_output"]
for step, rows in zip(range(STEPS), batches(len(x))):
    weights_input_to_hidden, weights_hidden_to_output = update(
        weights_input_to_hidden, weights_hidden_to_output, x[rows], y[rows], LEARNRATE
    )

def loss(x, y):
    """Return the mean of ½(target - output)²."""
    return float(0.5 * np.mean((y - output_of(x, weights_input_to_hidden, weights_hidden_to_output)) ** 2))

train_loss, test_loss = loss(x, y), loss(test_x, test_y)
print(f"after {STEPS} steps: train loss {train_loss:.12g}, test loss {test_loss:.12g}")
return train_loss, test_loss, [weights_input_to_hidden, weights_hidden_to_output]'''

TORCH = '''\
x, y, test_x, test_y = (torch.from_numpy(array) for array in (x, y, test_x, test_y))
weights_input_to_hidden = torch.from_numpy(data["weights_input_to_hidden"]).requires_grad_()
weights_hidden_to_output = torch.from_numpy(data["weights_hidden_to_output"]).requires_grad_()
weights = [weights_input_to_hidden, weights_hidden_to_output]
optimizer = torch.optim.SGD(weights, lr=LEARNRATE)

def loss_of(x, y):
    """Return the mean of ½(target - output)²."""
    hidden = torch.sigmoid(x @ weights_input_to_hidden)
    output = torch.sigmoid(hidden @ weights_hidden_to_output)
    return 0.5 * ((y - output) ** 2).mean()

for step, rows in zip(range(STEPS), batches(len(x))):
    loss = loss_of(x[rows], y[rows]){penalty}
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

with torch.no_grad():
    train_loss, test_loss = loss_of(x, y).item(), loss_of(test_x, test_y).item()
print(f"after {{STEPS}} steps: train loss {{train_loss:.12g}}, test loss {{test_loss:.12g}}")
return train_loss, test_loss, [w.detach().numpy() for w in weights]'''

AS_FLOATS = "x, y, test_x, test_y = (array.astype(np.float64) for array in (x, y, test_x, test_y))"


class LessonScript:
    """Both scripts of one run of lesson 1's network.

    Parameters
    ----------
    settings : Settings
    records : Records
    runner : LessonRunner
        At its beginning.
    steps : int
    remarks : list of str
        What the reader should know.
    plugged : Plugged, optional
        A learner's functions; their source goes into the NumPy script.
    """

    def __init__(
        self,
        settings: Settings,
        records: Records,
        runner: LessonRunner,
        steps: int,
        remarks: list[str],
        plugged: Plugged | None = None,
    ) -> None:
        self.settings, self.records, self.runner, self.steps = settings, records, runner, steps
        self.remarks, self.plugged = remarks, plugged

    def numpy(self) -> str:
        """Return the script that needs NumPy alone."""
        replaced: Replaced = {**self.runner.replaced, **(wired(self.plugged) if self.plugged else {})}
        mark = packing.short_mark(self.settings)
        update, output = (Lines(played, replaced, names, mark) for names in (NEW, ["output"]))
        helpers = {**output.helpers, **update.helpers}
        slopes = self._slopes(replaced, mark, helpers)
        theirs = self.plugged.names if self.plugged else ()
        if "sigmoid" in theirs:
            helpers.pop("sigmoid", None)
        lines = [*update.lines]
        for new, old in zip(NEW, WEIGHTS.split(", "), strict=True):
            lines += [f"{new} = {new} - learnrate * penalty_slope({old})"] if slopes else []
        begin = [f"# {mark}"] if first_weights in replaced else []
        return joined(
            self._head(self.settings, "NumPy", IMPORTS, self.remarks),
            written(self.plugged) if self.plugged else "",
            SLOPE if any(name.endswith("regularization") for name in theirs) else "",
            *helpers.values(),
            function(
                f"update({WEIGHTS}, features, targets, learnrate)", *lines, f"return {', '.join(NEW)}",
                doc="Return the weights after one step of gradient descent on a batch.",
            ),
            function(
                f"output_of(features, {WEIGHTS})", *output.lines, "return output",
                doc="Return the network's answers.",
            ),
            slopes,
            packing.BATCHES,
            function("main()", packing.unpacking(self.records), AS_FLOATS, *begin, MAIN),
            self._packed() + packing.END,
        )  # fmt: skip

    def torch(self) -> str:
        """Return the script that needs PyTorch and NumPy; autograd has no part where a mistake by hand could be."""
        s = self.settings
        remarks = self.remarks
        terms = ["L1 * w.abs().sum()"] * bool(s.l1) + ["L2 * (w**2).sum()"] * bool(s.l2)
        penalty = f" + sum({' + '.join(terms)} for w in weights)" if terms else ""
        if self.plugged:
            remarks = [*remarks, "The playground ran functions of your own; here PyTorch's stand in their places."]
        if s.mistake:
            remarks = [
                *remarks,
                f"The playground's run had a mistake in it, {s.mistake}, in the backward pass by hand. Here autograd "
                "does that pass, so this is the run without the mistake.",
            ]
        return joined(
            self._head(
                replace(s, mistake=""),
                "PyTorch",
                ["import base64", "import io", "", "import numpy as np", "import torch"],
                remarks,
            ),
            packing.BATCHES,
            function("main()", packing.unpacking(self.records), AS_FLOATS, TORCH.format(penalty=penalty)),
            self._packed() + packing.END,
        )

    def _head(self, s: Settings, needs: str, imports: list[str], remarks: list[str]) -> str:
        what = (
            f"Lesson 1's network, {self.steps} steps by hand on ½(target - output)², float64. The first weights "
            f"({s.init}, seed {s.seed}) and the records are at the end of this file."
        )
        per_epoch = -(-len(self.records.train) // s.batch_size)
        constants = [f"LEARNRATE = {s.lr!r}", *packing.constants(s, self.steps, per_epoch)]
        text = packing.head(s, self.records, self.runner.sizes, needs, [what, *remarks])
        return "\n".join([text, *imports, "", *(line for line in constants if not line.startswith("DROPOUT"))])

    def _packed(self) -> str:
        return packing.packed(
            self.records,
            weights_input_to_hidden=self.runner.weights_input_to_hidden,
            weights_hidden_to_output=self.runner.weights_hidden_to_output,
        )

    def _slopes(self, replaced: Replaced, mark: str, helpers: dict[str, str]) -> str:
        """Return the function of the penalty's slope, empty without one; what it calls goes to the helpers."""
        body, terms = [], []
        for lamb, constant, step, name in (
            (self.settings.l1, "L1", l1_gradient, "l1_slope"),
            (self.settings.l2, "L2", l2_gradient, "l2_slope"),
        ):
            if lamb and self.plugged and (theirs := f"{constant.lower()}_regularization") in self.plugged.names:
                terms.append(f"slope_of({theirs}, weights, {constant})")
            elif lamb:
                lines = Lines(step, replaced, [name], mark)
                helpers |= lines.helpers
                body += [f"lamb = {constant}", *lines.lines]
                terms.append(name)
        return function("penalty_slope(weights)", *body, f"return {' + '.join(terms)}") if terms else ""
