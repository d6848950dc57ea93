"""The playground in a notebook: the widget's messages, and the real thing in JupyterLab in a real browser."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import nbformat
import pytest

import chainrule
from chainrule.experiments.config import ConfigError
from chainrule.play import page

pytest.importorskip("anywidget", reason="the widget needs anywidget: pip install 'chainrule[lab]'")

PICTURES = Path(__file__).parents[1] / "out" / "screenshots"
CELL = """import chainrule

def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    error = target - output_layer_out
    term = error * output_layer_out * (1 - output_layer_out)
    hidden = weights_hidden_to_output * error * hidden_layer_out * (1 - hidden_layer_out)
    return learnrate * term * hidden_layer_out, learnrate * hidden * x[:, None]

chainrule.playground(backward_pass=backward_pass)"""


def test_the_module_is_one_text_that_loads_nothing() -> None:
    script = page.script()
    assert len(re.findall(r"^export default", script, re.M)) == 1
    assert not re.findall(r"^\s*import\b", script, re.M)
    assert not re.findall(r"https?://(?!www\.w3\.org/)", script + page.style() + page.index())


def test_the_widget_talks_as_the_server_does() -> None:
    async def talk() -> None:
        widget = chainrule.playground(link="hidden=3&records=40")
        sent: list[tuple[dict[str, Any], int]] = []
        widget.send = lambda content, buffers=None: sent.append((content, len(buffers[0])))
        hear = widget._msg_callbacks
        hear(widget, {"type": "hello"}, [])
        assert [content["type"] for content, _ in sent] == ["catalog", "state", "data", "frame"]
        assert sent[1][0]["shape"]["layers"] == [2, 3, 1]
        hear(widget, {"type": "play"}, [])
        for _ in range(200):
            await asyncio.sleep(0.01)
            if sent[-1][0]["type"] == "frame" and sent[-1][0]["epoch"] > 3:
                break
            hear(widget, {"type": "ack", "frame": widget.session.frames}, [])
        content, size = [each for each in sent if each[0]["type"] == "frame"][-1]
        assert content["epoch"] > 3
        assert size > 10_000
        json.dumps(content, allow_nan=False)
        hear(widget, {"type": "hello"}, [])  # the cell is shown a second time: the run goes on, with its curves
        assert "history" in [content["type"] for content, _ in sent[-5:]]
        widget.close()

    asyncio.run(talk())


def test_what_cannot_be_plugged_in_is_told() -> None:
    with pytest.raises(ConfigError, match="unknown function 'backwards_pass': did you mean 'backward_pass'"):
        chainrule.playground(backwards_pass=lambda: None)
    with pytest.raises(ConfigError, match="backward_pass must be a function; got int"):
        chainrule.playground(backward_pass=3)
    with pytest.raises(ConfigError, match="can't be read"):
        chainrule.playground("no such notebook.ipynb")
    with pytest.raises(ConfigError, match="unknown setting 'hiden'"):
        chainrule.playground(link="hiden=3")


def test_without_anywidget_the_function_says_what_to_install() -> None:
    code = "import sys; sys.modules['anywidget'] = None; import chainrule; chainrule.playground()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr.strip().endswith("the playground in a notebook needs anywidget: pip install 'chainrule[lab]'")


# In JupyterLab ----------------------------------------------------------------------------------------------------


@pytest.fixture
def jupyter(tmp_path: Path) -> Iterator[str]:
    """The address of a JupyterLab that shows a notebook with the widget's cell."""
    pytest.importorskip("jupyterlab", reason="this needs JupyterLab: pip install 'chainrule[lab]'")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, tmp_path / "play.ipynb")
    dirs = {f"JUPYTER_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "RUNTIME", "DATA")}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"]
    command += ["--ServerApp.port_retries=50", "--IdentityProvider.token=play", f"--ServerApp.root_dir={tmp_path}"]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env={**os.environ, **dirs, "OMP_NUM_THREADS": "1"}, cwd=tmp_path
        )
    try:
        yield _address(tmp_path / "log")
    finally:
        process.terminate()
        process.wait(20)


def _address(log: Path) -> str:
    for _ in range(300):
        if found := re.search(r"http://127\.0\.0\.1:\d+", log.read_text()):
            try:
                urlopen(f"{found.group()}/api?token=play", timeout=1).close()
                return found.group()
            except (URLError, OSError):
                pass
        time.sleep(0.2)
    raise AssertionError(f"JupyterLab did not start: {log.read_text()[-2000:]}")


def test_the_widget_trains_in_jupyterlab_with_ones_own_function(jupyter: str) -> None:
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="browser tests need Playwright: pip install playwright"
    )
    with playwright.sync_playwright() as player:
        path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if path is None and not Path(player.chromium.executable_path).is_file():
            pytest.skip("no browser: install chromium (apt install chromium, or playwright install chromium)")
        browser = player.chromium.launch(executable_path=path, args=["--no-sandbox"])
        lab = browser.new_page(viewport={"width": 1400, "height": 1000})
        lab.goto(f"{jupyter}/lab/tree/play.ipynb?token=play")
        lab.locator(".jp-CodeCell .cm-content").first.click(timeout=60_000)
        lab.get_by_text("| Idle").wait_for(timeout=60_000)
        lab.keyboard.press("Shift+Enter")
        number = lab.locator(".epoch-number")
        number.wait_for(timeout=60_000)
        lab.locator(".neuron.output").first.wait_for()
        lab.get_by_role("button", name="Play").click()
        playwright.expect(number).not_to_have_text("0", timeout=20_000)
        lab.wait_for_timeout(1500)
        first = int(re.sub(r"\D", "", number.inner_text()))
        lab.wait_for_timeout(1000)
        assert int(re.sub(r"\D", "", number.inner_text())) > first
        assert lab.get_by_text("GD119").count() or lab.get_by_role("tab", name="Your code").count()
        PICTURES.mkdir(parents=True, exist_ok=True)
        lab.screenshot(path=PICTURES / "jupyterlab.png")
        lab.get_by_role("button", name="Pause").click()
        lab.wait_for_timeout(500)
        still = number.inner_text()
        lab.wait_for_timeout(500)
        assert number.inner_text() == still
        browser.close()
