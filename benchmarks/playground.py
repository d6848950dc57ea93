"""Time the playground: steps, epochs with all its heat maps, and pictures a second in a real browser.

Beside TensorFlow Playground's engine in the same run, if there is Node and its ``nn.ts`` without the types (see
``playground_peer.js``): ``python benchmarks/playground.py --peer nn.js``. Runs alternate; medians are shown. Engines
are timed by the processor's time, which others on the machine hardly change; the browser by the clock.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

from chainrule.play import frames, records
from chainrule.play.session import Session
from chainrule.play.settings import Settings

NETWORKS = {
    "default": Settings(),
    "deep": Settings(hidden=(8,) * 6, activation=("tanh",) * 6),
}
SECONDS = 1.0
STEPS = 25  # in an epoch
GRIDS = (50, 100)  # places along a side: the playground's own, and TensorFlow Playground's
FIGURES = {"default": "6–13 µs, 100–190 epochs/s", "deep": "66 µs, 10–20 epochs/s"}  # published, of another machine


def rate(run: Callable[[], object]) -> float:
    """Return how often ``run`` can be called in a second of the processor's time."""
    for _ in range(5):
        run()
    began, count = time.process_time(), 0
    while time.process_time() - began < SECONDS:
        run()
        count += 1
    return count / (time.process_time() - began)


def ours(settings: Settings) -> dict[str, float]:
    """Return µs of a step, and for each grid epochs a second with losses, accuracies and all heat maps."""
    found: dict[str, float] = {}
    for grid in GRIDS:
        frames.GRID = records.GRID = grid
        session = Session(settings)
        training = session.training

        def epoch(training: Any = training) -> None:
            training.finish_epoch()

        def seen(session: Session = session) -> None:
            session.advance()
            session.shown()  # everything that goes to the page: also histograms, gradients, the confusion matrix

        found["step"] = 1e6 / (rate(epoch) * STEPS)
        found[f"epochs {grid}"] = rate(seen)
    frames.GRID = records.GRID = GRIDS[0]
    return found


def peer(script: Path) -> dict[str, dict[str, float]]:
    """Return the same of TensorFlow Playground's engine."""
    driver = Path(__file__).with_name("playground_peer.js")
    done = subprocess.run(["node", driver, script], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def browser() -> dict[str, float]:
    """Return pictures that Chromium draws in a second, and epochs, at full speed."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("google-chrome")
    command = [sys.executable, "-m", "chainrule", "play", "--no-browser"]
    found = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server, sync_playwright() as player:
        assert server.stdout is not None
        url = server.stdout.readline().split()[-1]
        chromium = player.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name, settings in NETWORKS.items():
            page = chromium.new_page(viewport={"width": 1280, "height": 800})
            page.add_init_script(COUNT)
            page.goto(f"{url}#{settings.link()}")
            page.locator(".neuron.output").first.wait_for()
            page.get_by_role("button", name="Play").click()
            page.wait_for_timeout(1500)
            first, began = page.evaluate("[window.drawn, window.epoch]"), time.perf_counter()
            page.wait_for_timeout(5000)
            last, seconds = page.evaluate("[window.drawn, window.epoch]"), time.perf_counter() - began
            found[name] = {
                "pictures": (last[0] - first[0]) / seconds,
                "epochs": (last[1] - first[1]) / seconds,
                "ms at most for an answer": latency(page),
            }
            page.close()
        chromium.close()
        server.terminate()
    return found


# Counts what the page acknowledges: a frame that it has drawn.
COUNT = """
window.drawn = 0; window.epoch = 0;
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (text) {
  if (JSON.parse(text).type === "ack") window.drawn += 1;
  return send.call(this, text);
};
const heard = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
Object.defineProperty(WebSocket.prototype, "onmessage", { set(take) {
  heard.set.call(this, (event) => {
    const length = new DataView(event.data).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(event.data, 4, length)));
    if (header.type === "frame") window.epoch = header.epoch;
    return take(event);
  });
} });
"""


def latency(page: Any) -> float:
    """Return the longest of twenty waits, in ms, for the page to answer while it draws."""
    waits = []
    for _ in range(20):
        began = time.perf_counter()
        page.evaluate("new Promise((done) => setTimeout(done, 0))")
        waits.append(1e3 * (time.perf_counter() - began))
        page.wait_for_timeout(50)
    return max(waits)


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", type=Path, help="TensorFlow Playground's nn.ts without the types")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args()
    runs: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for _ in range(options.repeats):
        theirs = peer(options.peer) if options.peer else {}
        runs.append(({name: ours(settings) for name, settings in NETWORKS.items()}, theirs))
    for name in NETWORKS:
        print(f"{name}: {NETWORKS[name].hidden}")
        for key in runs[0][0][name]:
            unit = "µs" if key == "step" else "epochs/s, places along a side"
            print(f"  chainrule   {key:11} {median(run[0][name][key] for run in runs):8.1f} {unit}")
        for key in runs[0][1].get(name, ()):
            print(f"  TF Playground {key:9} {median(run[1][name][key] for run in runs):8.1f}")
        print(f"  TF Playground, published figures of another machine: {FIGURES[name]}")
    if not options.no_browser:
        for name, seen in browser().items():
            print(f"{name} in the browser: " + ", ".join(f"{value:.0f} {key}" for key, value in seen.items()))


if __name__ == "__main__":
    main()
