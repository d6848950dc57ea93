"""What the browser tests of the playground share: a server, its page in a real browser, and how it is read."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("tornado", reason="the playground's server needs tornado: pip install 'chainrule[play]'")
playwright = pytest.importorskip("playwright.sync_api", reason="browser tests need Playwright: pip install playwright")
expect = playwright.expect

PICTURES = Path(__file__).parents[1] / "out" / "screenshots"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
LAPTOP = {"width": 1280, "height": 800}
DRAWN = ("moons", "circles", "blobs", "xor", "spiral")


def executable(own: str) -> str | None:
    """Return the browser that there is: the system's, else the one that Playwright has downloaded."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or (own if Path(own).is_file() else None)


def served(*arguments: str) -> tuple[subprocess.Popen[str], str]:
    """Start the playground; return its process and the page's address."""
    command = [sys.executable, "-m", "chainrule", "play", "--no-browser", *arguments]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    said = ""
    for line in process.stdout or ():
        said += line
        if found := re.search(r"http://\S+", line):
            return process, found.group()
    raise AssertionError(f"chainrule play did not say where it is: {said}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as player:
        path = executable(player.chromium.executable_path)
        if path is None:
            pytest.skip("no browser: install chromium (apt install chromium, or playwright install chromium)")
        chromium = player.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def address(browser: Any) -> Iterator[str]:
    """The page of one server for all tests; an open page keeps it from ending between two of them."""
    process, url = served()
    keeper = browser.new_page()
    keeper.goto(url)
    yield url
    keeper.close()
    process.terminate()
    process.wait(20)


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Open the page; afterwards there must have been no error in it, and no request to another host."""
    pages, faults = [], []

    def open_page(link: str = "", at: str = address, **options: Any) -> Any:
        page = browser.new_page(viewport=options.pop("viewport", LAPTOP), **options)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        page.on("request", lambda request: None if mine(request.url, at) else faults.append(f"loads {request.url}"))
        page.goto(f"{at}#{link}" if link else at)
        page.locator(".neuron.output").first.wait_for()
        page.locator(".epoch-number").wait_for()
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert faults == []


def mine(url: str, at: str) -> bool:
    return url.startswith((at.split("/?")[0], at.split("/?")[0].replace("http", "ws"), "data:", "blob:"))


def picture(page: Any, name: str, *, full: bool = False) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=full)


def epoch(page: Any) -> int:
    return int("".join(filter(str.isdigit, page.locator(".epoch-number").inner_text())))


def loss(page: Any, which: str = "train") -> float:
    return float(page.locator(f".numbers .{which} b").inner_text().replace("−", "-"))


def link(page: Any) -> str:
    return str(page.evaluate("decodeURIComponent(location.hash)"))


def tab(page: Any, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def ask(page: Any, text: str, *arguments: Any) -> Any:
    return page.evaluate(text, *arguments)


def until(page: Any, true: Callable[[], Any], seconds: float = 20) -> None:
    """Wait until ``true()``; Playwright's own waiting evaluates texts, which the page's policy forbids."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it has not happened"
        page.wait_for_timeout(40)


def control(page: Any, name: str) -> Any:
    return page.locator(f'[data-setting="{name}"]')


def pixels(page: Any, selector: str) -> str:
    """Return a canvas's content, to see whether it changes."""
    return str(page.locator(selector).first.evaluate("canvas => canvas.toDataURL()"))
