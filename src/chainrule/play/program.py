"""A run as a program in slots, twice: lines of NumPy and lines of PyTorch. A mistake writes other lines into a slot."""

from collections.abc import Callable
from dataclasses import dataclass, field
from textwrap import indent

Slots = dict[str, list[str]]

ORDER = ("batch", "rate", "forward", "scaled", "clear", "back", "step", "after")


@dataclass
class Program:
    """The slots of a training loop; ``epoch`` stands at the beginning of each epoch, ``setup`` before the loop.

    Attributes
    ----------
    layers : list of str
        ``linear``, ``dropout``, and activations by their names in the registry.
    kept : str
        Which of the layers' values the optimizer holds, as an index.
    decay : float
        What is added to the optimizer's weight decay.
    numpy, torch : dict of str to list of str
        The lines in each slot.
    order : tuple of str
        The slots of a step, in order.
    wrong : set of str
        The slots in which the mistake is.
    """

    layers: list[str]
    classes: int
    optimizer: str
    options: str
    penalty: bool
    rate_of_entry: float = 0.0
    kept: str = ""
    decay: float = 0.0
    order: tuple[str, ...] = ORDER
    numpy: Slots = field(default_factory=dict)
    torch: Slots = field(default_factory=dict)
    wrong: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        given = ["xb, yb = x[rows], y[rows]"]
        clear, step = ["optimizer.zero_grad()"], ["optimizer.step()"]
        added = ["add_penalty()"] if self.penalty else []
        self.numpy = {
            "batch": given,
            "forward": ["loss, slope = criterion(forward(xb, training=True), yb)"],
            "clear": clear,
            "back": ["backward(slope)", *added],
            "step": step,
        }
        self.torch = {
            "batch": given,
            "forward": ["loss = criterion(net(xb), target(yb))" + (" + penalty()" if self.penalty else "")],
            "clear": clear,
            "back": ["loss.backward()"],
            "step": step,
        }

    def put(self, slot: str, numpy: str, torch: str | None = None) -> None:
        """Put a mistake's line into a slot of both programs."""
        self.numpy[slot], self.torch[slot] = numpy.splitlines(), (numpy if torch is None else torch).splitlines()
        self.wrong.add(slot)

    def lines(self, slots: Slots, mark: str) -> str:
        """Return the loop's body, with the mark above what is wrong."""
        written: list[str] = []
        for slot in ("epoch", *self.order):
            body = list(slots.get(slot, ()))
            if slot == "epoch" and body:
                body = ["if step % BATCHES == 0:", *indent("\n".join(body), "    ").splitlines()]
            if slot == "after" and body:
                body = ["if (step + 1) % BATCHES == 0:", *indent("\n".join(body), "    ").splitlines()]
            if slot in self.wrong and mark:
                written.append(f"# {mark}" if body else f"# {mark} Here is nothing, where a line should be.")
            written += body
        return "\n".join(written)


MISTAKEN: dict[str, Callable[[Program], None]] = {}


def _mistake(*codes: str) -> Callable[[Callable[[Program], None]], Callable[[Program], None]]:
    def enter(write: Callable[[Program], None]) -> Callable[[Program], None]:
        MISTAKEN.update(dict.fromkeys(codes, write))
        return write

    return enter


# The network ------------------------------------------------------------------------------------------------------


def _instead_of_activations(name: str) -> Callable[[Program], None]:
    def write(program: Program) -> None:
        last = max(i for i, layer in enumerate(program.layers) if layer == "linear")
        program.layers[:last] = [layer if layer in ("linear", "dropout") else name for layer in program.layers[:last]]
        program.wrong.add("layers")

    return write


def _at_the_end(name: str) -> Callable[[Program], None]:
    def write(program: Program) -> None:
        program.layers.append(name)
        program.wrong.add("layers")

    return write


_mistake("TR124", "GD129")(_instead_of_activations("identity"))
_mistake("TR125")(_instead_of_activations("softmax"))
_mistake("TR120")(_at_the_end("softmax"))
_mistake("TR126")(_at_the_end("softmax_over_batch"))
_mistake("TR121")(_at_the_end("sigmoid"))
_mistake("GD115")(_at_the_end("relu"))
_mistake("TR123")(_at_the_end("dropout on the scores"))


@_mistake("TR133", "GD157", "GD158")
def _(program: Program) -> None:
    program.wrong.add("weights")


# Records and labels -----------------------------------------------------------------------------------------------


@_mistake("TR111")
def _(program: Program) -> None:
    program.put("seen", "x, test_x = x * 255, test_x * 255")


@_mistake("TR114")
def _(program: Program) -> None:
    program.put("setup", "shuffled = np.random.default_rng(SEED)")
    program.put(
        "batch",
        "xb, yb = x[rows], shuffled.permutation(y[rows])",
        "xb, yb = x[rows], torch.from_numpy(shuffled.permutation(y[rows].numpy()))",
    )


@_mistake("GD126")
def _(program: Program) -> None:
    program.put(
        "batch",
        "xb, yb = x[rows], np.full_like(y[rows], y[rows][0])",
        "xb, yb = x[rows], torch.full_like(y[rows], y[rows][0])",
    )


@_mistake("GD134")
def _(program: Program) -> None:
    program.put("batch", f"xb, yb = x[rows], (y[rows] - 1) % {program.classes}")


# The loop ---------------------------------------------------------------------------------------------------------


@_mistake("TR174")
def _(program: Program) -> None:
    program.put("clear", "")


@_mistake("TR175")
def _(program: Program) -> None:
    program.order = ("batch", "rate", "forward", "scaled", "back", "clear", "step", "after")
    program.wrong.add("clear")


@_mistake("TR176", "TR153")
def _(program: Program) -> None:
    program.put("step", "")


@_mistake("TR152", "TR179")
def _(program: Program) -> None:
    program.put("back", "")


@_mistake("TR177")
def _(program: Program) -> None:
    program.numpy["clear"] = program.torch["clear"] = []
    program.put("epoch", "optimizer.zero_grad()")


def _scaled(numpy: str, factor: str, torch: str) -> Callable[[Program], None]:
    def write(program: Program) -> None:
        program.put("scaled", numpy, torch)
        if program.penalty:
            program.numpy["back"] = ["backward(slope)", f"add_penalty({factor})"]

    return write


_mistake("TR151")(_scaled("slope = -slope", "-1", "loss = -loss"))
_mistake("TR147")(_scaled("slope = slope / len(yb)", "1 / len(yb)", "loss = loss / len(yb)"))


@_mistake("TR165")
def _(program: Program) -> None:
    program.put("forward", "loss, slope = criterion(forward(xb), yb)", "net.eval()\n" + program.torch["forward"][0])


@_mistake("TR164")
def _(program: Program) -> None:
    added = "add_penalty()\n" if program.penalty else ""
    program.put(
        "after",
        "for g in gradients:\n    g[...] = 0\nbackward(criterion(forward(test_x, training=True), test_y)[1])\n"
        f"{added}for w, g in zip(values, gradients):\n    w -= 0.1 * g",
        f"net.zero_grad()\n({program.torch['forward'][0].removeprefix('loss = ')}).backward()\n".replace(
            "net(xb), target(yb)", "net(test_x), target(test_y)"
        )
        + "with torch.no_grad():\n    for p in net.parameters():\n        p -= 0.1 * p.grad",
    )


@_mistake("TR178")
def _(program: Program) -> None:
    program.put("setup", "redrawn = np.random.default_rng(SEED)")
    program.put(
        "epoch",
        "for w in values:\n    w[...] = redrawn.normal(size=w.shape)",
        "for p in net.parameters():\n    p.data[...] = torch.from_numpy(redrawn.normal(size=tuple(p.shape)))",
    )


# The optimizer ----------------------------------------------------------------------------------------------------


def _rate(numpy: str) -> Callable[[Program], None]:
    def write(program: Program) -> None:
        rate = numpy.replace("RATE_OF_ENTRY", f"{program.rate_of_entry:g}")
        program.put("rate", f"optimizer.lr = {rate}", f'optimizer.param_groups[0]["lr"] = {rate}')

    return write


_mistake("GD120")(_rate("RATE_OF_ENTRY  # whatever LEARNING_RATE is"))
_mistake("GD121")(_rate("-LEARNING_RATE"))
_mistake("GD154")(_rate("LEARNING_RATE**2"))
_mistake("GD138")(_rate("LEARNING_RATE / len(xb)"))
_mistake("TR141")(_rate("1000 * LEARNING_RATE"))
_mistake("TR142")(_rate("LEARNING_RATE * 0.9**step"))


@_mistake("GD150", "TR149")
def _(program: Program) -> None:
    program.kept = "[-2:]"
    program.wrong.add("optimizer")


@_mistake("TR150")
def _(program: Program) -> None:
    program.decay = 1.0
    program.wrong.add("optimizer")


@_mistake("TR140")
def _(program: Program) -> None:
    program.kept = "copies"
    program.wrong.add("optimizer")


@_mistake("TR148")
def _(program: Program) -> None:
    program.put(
        "epoch",
        f"optimizer = {program.optimizer}(values, gradients)",
        f"optimizer = torch.optim.{program.optimizer}(net.parameters(), lr=LEARNING_RATE)",
    )


@_mistake("TR226")
def _(program: Program) -> None:
    program.optimizer, program.options = "Adam" if program.optimizer == "SGD" else "SGD", ""
    program.wrong.add("optimizer")
