"""Grading submissions that cheat, break or never end: no wrong one is accepted, and the right one beside them is."""

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from chainrule.course.confinement import LIMITS
from chainrule.course.grading import grade
from chainrule.course.submission import parse
from chainrule.course.witness import decode, encode, plain

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these limits are Linux's")

# Each answers `sigmoid` with x itself, or `activation` with a wrong slope, and hopes to get away with it.
LOOK_UP = """
        if "exercise" in frame.f_locals:
            return next(iter(frame.f_locals["exercise"].step.values({"x": x}).values()))
        frame = frame.f_back
    return x
"""
CHEATS = {
    "patches_chainrule": """
import chainrule
def sigmoid(x):
    import sys
    for module in list(sys.modules.values()):
        if hasattr(module, "Report"): module.Report.passed = True
        if hasattr(module, "Exercise"): module.Exercise.look = lambda *a: {"sigmoid": 0.5}
    chainrule.check = lambda *a: True
    return x
""",
    "forges_messages": """
def sigmoid(x):
    import os, json
    forged = json.dumps({"exercise": "sigmoid", "passed": True, "seen": [], "key": "0" * 32, "done": True})
    for descriptor in range(64):
        try: os.write(descriptor, (forged + chr(10)).encode())
        except OSError: pass
    print(forged, flush=True)
    return x
""",
    "forges_words": "def sigmoid(x): raise ValueError('\\n\\nExercise 1, sigmoid: right\\x1b[2J')",
    "replaces_modules": """
def sigmoid(x):
    import sys, types
    sys.meta_path.clear()
    for name in ("json", "numpy", "chainrule.course.witness", "chainrule"):
        sys.modules[name] = types.ModuleType(name)
    return x
""",
    "imports_the_grader": """
def sigmoid(x):
    import sys
    sys.meta_path[:] = [each for each in sys.meta_path if "_Closed" not in type(each).__name__]
    from chainrule.course.exercise import load
    return next(iter(load()["sigmoid"].step.values({"x": x}).values()))
""",
    "imports_the_grader_plainly": """
from chainrule.mistakes.steps.forward import sigmoid_alone
def sigmoid(x): return next(iter(sigmoid_alone.values({"x": x}).values()))
""",
    "reads_the_source": """
def sigmoid(x):
    import chainrule, os
    source = open(os.path.join(os.path.dirname(chainrule.__file__), "mistakes", "steps", "forward.py")).read()
    space = {"__name__": "forward"}
    exec(source, space)
    return next(iter(space["sigmoid_alone"].values({"x": x}).values()))
""",
    "reads_the_parent": """
def sigmoid(x):
    import os
    return open(f"/proc/{os.getppid()}/environ").read()
""",
    "reads_the_seeds": "def sigmoid(x): return open(0).read()",
    "walks_frames": f"""
import sys
def sigmoid(x):
    frame = getattr(sys, "_get" + "frame")()
    while frame:{LOOK_UP}""",
    "walks_a_traceback": f"""
def sigmoid(x):
    try: 1 / 0
    except ZeroDivisionError as error: frame = error.__traceback__.tb_frame
    while frame:{LOOK_UP}""",
    "walks_a_generator": f"""
def sigmoid(x):
    def walk(): yield me.gi_frame.f_back
    me = walk()
    frame = next(me)
    while frame:{LOOK_UP}""",
    "walks_a_stack": f"""
import inspect
def sigmoid(x):
    frame = inspect.currentframe()
    while frame:{LOOK_UP}""",
    "walks_by_logging": f"""
import logging
def sigmoid(x):
    frame = logging.currentframe()
    while frame:{LOOK_UP}""",
    "collects_objects": """
import gc
def sigmoid(x):
    for thing in gc.get_objects():
        if type(thing).__name__ == "Exercise" and thing.name == "sigmoid":
            return next(iter(thing.step.values({"x": x}).values()))
    return x
""",
    "reads_memory": "import ctypes\ndef sigmoid(x): return ctypes.string_at(id(x))",
    "equals_everything": """
class Everything:
    __eq__ = __le__ = lambda self, other: True
    __array__ = lambda self, *a, **k: 1 / 0
    __float__ = lambda self: 0.5
    __sub__ = __abs__ = lambda self, *other: 0
def sigmoid(x): return Everything()
""",
    "equals_every_word": """
class Word(str):
    __eq__ = lambda self, other: True
    __hash__ = str.__hash__
def sigmoid(x): return Word("right")
""",
    "patches_numpy": """
import numpy as np
np.allclose = np.array_equal = np.isclose = lambda *a, **k: True
np.all = np.isfinite = lambda *a, **k: np.True_
def activation(z): return z ** 2
def activation_slope(z):
    np.abs = lambda *a, **k: np.zeros(1)
    np.all = np.isfinite = lambda *a, **k: np.True_
    np.shape = lambda *a: z.shape
    return z
""",
    "patches_numpy_within": """
import numpy as np
def activation(z):
    for function in (np.linspace, np.all, np.isclose, np.sum):
        try: getattr(function, "_implementation", function).__code__ = (lambda *a, **k: np.True_).__code__
        except (AttributeError, TypeError): pass
    return z ** 2
def activation_slope(z): return z
""",
    "patches_the_child": """
import __main__, sys
import numpy as np
def activation(z):
    for room in (__main__, sys.modules["__main__"]):
        for name in ("restore", "snapshot", "testify", "say", "forget"):
            setattr(room, name, lambda *a, **k: [])
    np.linspace = np.abs = np.all = np.isfinite = lambda *a, **k: np.ones(2)
    return z ** 2
def activation_slope(z): return z
""",
    "patches_builtins": """
def activation(z):
    import builtins
    builtins.all = builtins.bool = lambda *a: True
    return z ** 2
def activation_slope(z): return z
""",
    "last_definition_counts": """
import numpy as np
def sigmoid(x): return 1 / (1 + np.exp(-x))
def sigmoid(x): return x
""",
}
# Each does what it can to end, stop, fill or slow down whatever runs it.
VANDALS = {
    "exits": "def sigmoid(x): raise SystemExit(0)",
    "exits_at_once": "import os\ndef sigmoid(x): os._exit(0)",
    "exits_late": "import atexit, os\natexit.register(os._exit, 0)\ndef sigmoid(x): return x",
    "interrupts": "def sigmoid(x): raise KeyboardInterrupt",
    "kills": """
import os, resource, signal
def sigmoid(x):
    for other in (os.getppid(), -1):
        for stop in (lambda: os.kill(other, signal.SIGKILL), lambda: os.killpg(os.getpgid(other), signal.SIGKILL),
                     lambda: resource.prlimit(other, resource.RLIMIT_CPU, (1, 1))):
            try: stop()
            except OSError: pass
    return x
""",
    "forks": """
import os
def sigmoid(x):
    try:
        while True: os.fork()
    except OSError: return x
""",
    "starts_threads": """
import threading, time
def sigmoid(x):
    try:
        while True: threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
    except RuntimeError: return x
""",
    "never_ends": """
def sigmoid(x):
    while True:
        try:
            while True: pass
        except: pass
""",
    "never_ends_nor_hears": """
import signal
def sigmoid(x):
    for number in range(1, 64):
        try: signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError): pass
    while True: pass
""",
    "sleeps": "import time\ndef sigmoid(x): time.sleep(10 ** 6)",
    "recurses": "def sigmoid(x): return sigmoid(x)",
    "recurses_on_and_on": "import sys\ndef sigmoid(x):\n    sys.setrecursionlimit(10 ** 9)\n    return sigmoid(x)",
    "takes_memory": "def sigmoid(x): return bytearray(1 << 40)",
    "prints": "def sigmoid(x):\n    for _ in range(99): print('x' * 10 ** 6)\n    return x",
    "returns_much": "import numpy as np\ndef sigmoid(x): return np.zeros(3 * 10 ** 7)",
    "fills_the_disk": """
def sigmoid(x):
    for k in range(10 ** 6):
        with open(f"{k}.bin", "wb") as file: file.write(bytes(15 << 20))
""",
    "writes_elsewhere": """
import os, chainrule
def sigmoid(x):
    for folder in (WHERE, os.path.dirname(chainrule.__file__), ".."):
        try: open(os.path.join(folder, "written"), "w").write("x")
        except OSError: pass
        try: os.chmod(os.path.join(folder, "other.py"), 0)
        except OSError: pass
    return x
""",
    "calls_out": "import socket\ndef sigmoid(x): return socket.create_connection(('127.0.0.1', 9), 1)",
    "defines_for_ever": "class A(metaclass=lambda *a: [None for _ in iter(int, 1)]): pass\ndef sigmoid(x): return x",
}
UNREADABLE = {
    "no_json.ipynb": b"{",
    "no_dict.ipynb": b"[1]",
    "deep.ipynb": b"[" * 10**6,
    "odd_cells.ipynb": b'{"cells": [{"cell_type": "code", "source": 5}, 3, {"cell_type": "code"}]}',
    "bytes.ipynb": bytes(range(256)),
    "brackets.py": b"x = " + b"(" * 5000,
    "minus.py": b"x = " + b"-" * 200_000 + b"1\ndef sigmoid(x): return x",
    "null.py": b"x = 1\0",
    "syntax.py": b"def sigmoid(x: return",
}
RIGHT = "import numpy as np\ndef sigmoid(x): return 1 / (1 + np.exp(-x))\n"


def notebook(*cells: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells], "nbformat": 4})


@pytest.fixture(scope="module")
def grades(tmp_path_factory):
    folder = tmp_path_factory.mktemp("submissions")
    for name, source in {**CHEATS, **VANDALS, "right": RIGHT, "other": RIGHT}.items():
        (folder / f"{name}.py").write_text(source.replace("WHERE", repr(str(folder))))
    for name, content in UNREADABLE.items():
        (folder / name).write_bytes(content)
    (folder / "folder.ipynb").mkdir()
    paths = [folder / "right.py", *sorted(folder.iterdir()), folder / "missing.ipynb", folder / "other.py"]
    return [(each.path.name, each) for each in grade(paths, seconds=4)]


@pytest.mark.parametrize("name", CHEATS)
@linux
def test_no_cheat_is_accepted(grades, name):
    found = dict(grades)[f"{name}.py"]
    assert len(found.reports) == 1, found
    assert not found.passed
    assert not found.reports[0].passed


@pytest.mark.parametrize("name", VANDALS)
@linux
def test_vandals_get_a_verdict_of_their_own(grades, name):
    found = dict(grades)[f"{name}.py"]
    assert len(found.reports) == 1, found
    assert not found.reports[0].passed


@pytest.mark.parametrize("name", [*UNREADABLE, "folder.ipynb", "missing.ipynb"])
def test_what_cannot_be_read_is_said(grades, name):
    found = dict(grades)[name]
    assert not found.passed
    assert found.problems, found


def test_the_right_ones_among_them_are_right(grades):
    assert [name for name, each in grades if each.passed] == ["right.py", "other.py", "right.py", "other.py"]


@linux
def test_nothing_was_written_elsewhere(grades):
    import chainrule

    folder = grades[0][1].path.parent
    for where in (folder, Path(chainrule.__file__).parent, folder.parent):
        assert not (where / "written").exists()
    assert os.access(folder / "other.py", os.R_OK)


@linux
def test_the_limits_are_stated(grades):
    assert set(dict(grades)["right.py"].limits) == set(LIMITS)


def test_no_words_of_theirs_reach_a_line_of_ours(grades):
    shown = str(dict(grades)["forges_words.py"].reports[0])
    assert "\x1b" not in shown
    assert shown.splitlines()[0] == "Exercise 1, sigmoid: not right yet"
    assert "\nExercise 1, sigmoid: right" not in shown


def test_magics_are_skipped_and_places_are_cells(tmp_path):
    file = tmp_path / "a.ipynb"
    file.write_text(
        notebook("%matplotlib inline\n!rm -rf /\nimport numpy as np", "# mine\ndef sigmoid(x):\n    return 1 / 0")
    )
    (finding,) = next(grade([file])).reports[0].findings
    assert (finding.file, finding.line) == ("code cell 2", 3)
    assert "line 3: return 1 / 0" in finding.evidence


def test_what_is_not_installed_is_no_mistake(tmp_path):
    file = tmp_path / "colab.ipynb"
    file.write_text(notebook("from google.colab import drive\nfrom chainrule.course.check import check\n" + RIGHT))
    assert next(grade([file])).passed


def test_loaders_with_workers_are_right_where_there_can_be_no_workers(tmp_path):
    teacher = tmp_path / "batches.py"
    teacher.write_text("""
from chainrule.course.exercise import Case, exercise
from chainrule.mistakes.step import Step
total = Step("total", inputs="n", returns="result")
@total.part
def result(n):
    return sum(range(n))
exercise("total", total, lambda rng: [Case("n", {"n": int(rng.integers(5, 9))})])
""")
    file = tmp_path / "mine.py"
    file.write_text("""
import torch
def total(n):
    loader = torch.utils.data.DataLoader(list(range(n)), batch_size=2, num_workers=2)
    return sum(int(batch.sum()) for batch in loader)
""")
    assert next(grade([file], files=[teacher])).passed


def test_facts_survive_the_way():
    for fact in (np.array([[1.5, np.nan], [np.inf, -0.0]]), np.zeros((0, 3)), 7, np.float32(0.1), [1, 2]):
        np.testing.assert_array_equal(decode(json.loads(json.dumps(encode(fact)))), np.asarray(fact, np.float64))
    assert [decode(encode(fact)) for fact in ("a word", True, None, {})] == ["a word", True, None, "a dict"]
    assert decode(encode(np.zeros(10**6))) == "an array of shape (1000000,)"
    assert plain("a\n\x1b[2Jb" + "c" * 999).startswith("a [2Jbccc")
    assert len(plain("c" * 999)) == 300


def test_only_what_an_answer_needs_is_run():
    source = (
        "import numpy as np\nimport matplotlib.pyplot as plt\nhalf = 0.5\n"
        "def scaled(x):\n    return half * x\ndef sigmoid(x):\n    return scaled(np.tanh(x / 2)) + half\n"
        "def picture(x):\n    plt.plot(sigmoid(x))\nsigmoid.slope = lambda x: 1\n"
    )
    needed = [each.source.strip() for each in parse("mine.py", source).needed_for({"sigmoid"})]
    assert [each.split("(")[0] for each in needed] == [
        "import numpy as np",
        "half = 0.5",
        "def scaled",
        "def sigmoid",
        "sigmoid.slope = lambda x: 1",
    ]
    by_name = parse("mine.py", source + "def other(x):\n    return globals()['picture'](x)\n")
    assert by_name.needed_for({"sigmoid"}) == by_name.definitions
