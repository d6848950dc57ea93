"""The playground in a real browser: each control is moved, and what it does is seen. Pictures: out/screenshots."""

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


def test_training_goes_on_and_pauses(visit: Callable[..., Any]) -> None:
    page = visit()
    picture(page, "light")
    before, drawn = loss(page), pixels(page, ".plane canvas.ground")
    page.get_by_role("button", name="Play").click()
    until(page, lambda: epoch(page) > 60)
    assert loss(page) < before
    assert pixels(page, ".plane canvas.ground") != drawn
    picture(page, "trained")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.wait_for_timeout(200)
    at = epoch(page)
    page.wait_for_timeout(300)
    assert epoch(page) == at
    assert re.search(r"Epoch \d+, training loss", page.locator("[aria-live=polite].unseen").inner_text())


def test_a_step_an_epoch_and_a_reset(visit: Callable[..., Any]) -> None:
    page = visit()
    first = loss(page)
    page.get_by_role("button", name="One step").click()
    expect(page.locator(".batches")).to_have_text("1 steps")
    page.get_by_role("button", name="One epoch").click()
    expect(page.locator(".batches")).to_have_text("25 steps")
    assert epoch(page) == 1
    page.get_by_role("button", name="Reset").click()
    expect(page.locator(".batches")).to_have_text("0 steps")
    assert loss(page) == first


def test_keys(visit: Callable[..., Any]) -> None:
    page = visit()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".batches")).to_have_text("1 steps")
    page.keyboard.press("e")
    expect(page.locator(".batches")).to_have_text("25 steps")
    page.keyboard.press("r")
    expect(page.locator(".batches")).to_have_text("0 steps")
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.keyboard.press("r")
    expect(page.locator(".batches")).to_have_text("0 steps")
    page.get_by_role("searchbox").click()  # in a field, keys are letters
    page.keyboard.type("re e")
    assert page.get_by_role("searchbox").input_value() == "re e"
    expect(page.locator(".batches")).to_have_text("0 steps")
    page.get_by_role("tab", name="Break it").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="One record")).to_be_focused()


def test_everything_is_reached_by_keyboard_and_named(visit: Callable[..., Any]) -> None:
    page = visit()
    unnamed = ask(
        page,
        """() => [...document.querySelectorAll('button, select, input, textarea, [role=img]')]
        .filter(e => e.offsetParent && !(e.ariaLabel || e.textContent.trim() || e.labels?.length || e.title))
        .map(e => e.outerHTML.slice(0, 120))""",
    )
    assert unnamed == []
    wanted = ask(
        page,
        """() => [...document.querySelectorAll('button, select, input')]
        .filter(e => e.offsetParent && !e.disabled && e.tabIndex >= 0).length""",
    )
    reached = set()
    for _ in range(wanted + 10):
        page.keyboard.press("Tab")
        reached.add(ask(page, "() => [...document.querySelectorAll('*')].indexOf(document.activeElement)"))
        ring = ask(page, "() => getComputedStyle(document.activeElement).outlineStyle")
        assert ring != "none" or ask(page, "() => document.activeElement === document.body")
    assert len(reached) >= wanted


def test_every_setting_can_be_changed_and_changed_back(visit: Callable[..., Any]) -> None:
    page = visit()
    names = ask(
        page, "() => [...document.querySelectorAll('[data-setting]:not([hidden])')].map(e => e.dataset.setting)"
    )
    assert {"lr", "batch_size", "optimizer", "loss", "l1", "l2", "dropout", "noise", "train_share", "init"} <= set(
        names
    )
    for name in names:
        field = control(page, name).locator("input, select").first
        kind = control(page, name).get_attribute("class").split()[1]
        if kind == "flag":
            there, back = field.click, field.click
        elif kind == "choice":
            old = field.input_value()
            other = field.locator("option").last.get_attribute("value")
            there, back = (lambda f=field, v=other: f.select_option(v)), (lambda f=field, v=old: f.select_option(v))
        else:
            old = field.input_value()
            there, back = slide_or_type(control(page, name)), (lambda f=field, v=old: (f.fill(v), f.press("Enter")))
        if name == "nesterov":
            continue  # shown with a momentum only: test_what_depends_on_another_setting
        there()
        until(page, lambda name=name: re.search(f"[#&]{name}=", link(page)), 5)
        back()
        until(page, lambda name=name: not re.search(f"[#&]{name}=", link(page)), 5)


def test_what_depends_on_another_setting_comes_and_goes(visit: Callable[..., Any]) -> None:
    page = visit()
    expect(control(page, "nesterov")).to_be_hidden()
    control(page, "momentum").locator("input[type=text]").fill("0.9")
    control(page, "momentum").locator("input[type=text]").press("Enter")
    control(page, "nesterov").locator("input").click()
    until(page, lambda: "nesterov=true" in link(page))
    control(page, "optimizer").locator("select").select_option("adam")
    expect(control(page, "momentum")).to_be_hidden()
    page.get_by_role("radio", name="iris").click()
    expect(control(page, "noise")).to_be_hidden()


def slide_or_type(where: Any) -> Callable[[], None]:
    """Return how a number is changed: by its slider's arrow key, or, where there is none, by writing."""
    field, slider = where.locator("input[type=text]"), where.locator("input[type=range]")
    if slider.count():
        return lambda: slider.press("ArrowRight")
    return lambda: (field.fill(str(int(field.input_value()) + 7)), field.press("Enter"))


def test_a_value_that_cannot_be_is_refused_in_words(visit: Callable[..., Any]) -> None:
    page = visit()
    field = control(page, "lr").locator("input[type=text]")
    field.fill("-3")
    field.press("Enter")
    said = page.locator(".problem:not(:empty), .notice:not([hidden])").first
    expect(said).to_contain_text("lr must be a number")
    field.fill("quick")
    field.press("Enter")
    expect(said).to_contain_text("quick")
    page.get_by_role("button", name="One epoch").click()
    expect(page.locator(".batches")).to_have_text("25 steps")


def test_layers_neurons_activations_and_inputs(visit: Callable[..., Any]) -> None:
    page = visit()
    hidden = page.locator(".neuron.hidden-unit")
    expect(hidden).to_have_count(6)
    page.get_by_label("One layer more").click()
    expect(hidden).to_have_count(8)
    page.get_by_label("Layer 3: one neuron more").click()
    expect(hidden).to_have_count(9)
    expect(page.get_by_label("Layer 3: one neuron more")).to_be_focused()
    page.get_by_label("Layer 1: one neuron fewer").click()
    expect(hidden).to_have_count(8)
    page.get_by_label("One layer fewer").click()
    expect(hidden).to_have_count(5)
    page.get_by_label("Activation of layer 2").select_option("relu")
    until(page, lambda: "activation=relu" in link(page))
    edges = page.locator("path.edge")
    expect(edges).to_have_count(2 * 3 + 3 * 2 + 2)
    page.get_by_label("Input x1·x2").click()
    expect(edges).to_have_count(3 * 3 + 3 * 2 + 2)
    assert page.get_by_label("Input x1·x2").get_attribute("aria-pressed") == "true"


def test_a_weight_is_seen_and_edited(visit: Callable[..., Any]) -> None:
    page = visit()
    page.get_by_role("button", name="One epoch").click()
    expect(page.locator(".batches")).to_have_text("25 steps")
    page.locator("path.reach").first.dispatch_event("pointerenter")
    expect(page.locator(".tip")).to_contain_text("x1 → layer 1, neuron 1")
    expect(page.locator(".tip")).to_contain_text(re.compile("gradient −?[0-9]"))
    before, drawn = loss(page), pixels(page, ".plane canvas.ground")
    page.get_by_label("output: its weights").click()
    field = page.get_by_label("weight from neuron 1")
    field.fill("6")
    field.press("Enter")
    until(page, lambda: loss(page) != before)
    assert pixels(page, ".plane canvas.ground") != drawn
    picture(page, "weight")
    page.keyboard.press("Escape")
    expect(page.get_by_label("output: its weights")).to_be_focused()


def test_every_dataset_is_drawn_and_learned(visit: Callable[..., Any]) -> None:
    page = visit()
    names = page.get_by_role("radiogroup", name="Data").get_by_role("radio").all_inner_texts()
    assert {*DRAWN, "digits", "iris"} <= set(names)
    for name in names:
        page.get_by_role("radio", name=name, exact=True).click()
        expect(page.get_by_role("radio", name=name, exact=True)).to_have_attribute("aria-checked", "true")
        expect(page.locator(".batches")).to_have_text("0 steps")
        page.get_by_role("button", name="One step").click()
        expect(page.locator(".batches")).to_have_text("1 steps")
        expect(page.locator(".plane:visible, table.confusion:visible")).to_have_count(1)
    page.get_by_role("radio", name="circles").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="circles")).to_have_attribute("aria-checked", "false")


def test_looking_at_a_neuron_shows_it_large(visit: Callable[..., Any]) -> None:
    page = visit()
    whole = pixels(page, ".plane canvas.ground")
    page.locator(".neuron.hidden-unit").first.hover()
    expect(page.locator(".plane-caption")).to_have_text("layer 1, neuron 1")
    assert pixels(page, ".plane canvas.ground") != whole
    page.locator(".brand").hover()
    expect(page.locator(".plane-caption")).to_have_text("The network's output")
    points = pixels(page, ".plane canvas.points")
    page.get_by_label("test points").uncheck()
    assert pixels(page, ".plane canvas.points") != points
    page.get_by_label("discrete").check()
    assert pixels(page, ".plane canvas.ground") != whole


def test_one_record_step_by_step(visit: Callable[..., Any]) -> None:
    page = visit()
    page.get_by_role("button", name="One epoch").click()
    tab(page, "One record")
    title = page.locator(".explained h3")
    expect(title).to_have_text("Forward, layer 1")
    expect(page.locator(".marks text.activation")).to_have_count(2 + 4)
    page.get_by_role("button", name="Next →").click()
    expect(title).to_have_text("Forward, layer 2")
    page.get_by_role("button", name="← Back").click()
    expect(title).to_have_text("Forward, layer 1")
    page.get_by_role("button", name="Backward, layer 1").click()
    expect(title).to_have_text("Backward, layer 1")
    expect(page.locator(".marks text.slope")).to_have_count(
        2 * 4 + 4 + 2 + 1
    )  # a gradient on each edge, a δ on each neuron
    expect(page.locator(".numbers-in")).to_contain_text("δ")
    picture(page, "record")
    page.get_by_label("Number of the training record").fill("3")
    page.get_by_label("Number of the training record").press("Enter")
    page.get_by_role("button", name="The update").click()
    expect(page.locator(".numbers-in")).to_contain_text("→")
    page.get_by_label("One layer fewer").click()  # another network: from the beginning
    expect(title).to_have_text("Forward, layer 1")
    expect(page.locator(".marks text.activation")).to_have_count(2 + 4)
    tab(page, "Break it")
    expect(page.locator(".marks text")).to_have_count(0)


def test_a_broken_run_beside_its_ghost(visit: Callable[..., Any]) -> None:
    page = visit()
    page.get_by_role("searchbox").fill("uphill")
    switch = page.locator(".mistakes li:not([hidden])").get_by_role("switch")
    expect(switch).to_have_count(1)
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    expect(page.locator(".finding h3")).to_contain_text("GD121")
    expect(page.locator(".finding .report")).to_contain_text("check")
    page.get_by_role("button", name="Play").click()
    until(page, lambda: epoch(page) > 30)
    page.get_by_role("button", name="Pause").click()
    assert loss(page) > 2 * loss(page, "ghost")
    expect(page.locator(".break-tab .beside figcaption")).to_have_text(["with the mistake", "without it"])
    assert pixels(page, ".beside figure:first-child canvas") != pixels(page, ".beside figure:last-child canvas")
    picture(page, "broken", full=True)
    tab(page, "Break it")
    page.get_by_role("button", name="Put it right again").click()
    expect(switch).to_have_attribute("aria-checked", "false")
    expect(page.locator(".numbers .ghost")).to_have_count(0)


def test_divergence_is_told_in_a_sentence(visit: Callable[..., Any]) -> None:
    page = visit("data=plane&hidden=4&activation=relu&lr=100")
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".notice")).to_contain_text(re.compile("diverged at step [0-9]+.*layer"), timeout=20_000)
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    picture(page, "diverged", full=True)


def test_the_address_restores_the_whole_state(visit: Callable[..., Any]) -> None:
    page = visit()
    page.get_by_role("radio", name="spiral").click()
    page.get_by_label("One layer more").click()
    control(page, "optimizer").locator("select").select_option("adam")
    until(page, lambda: "adam" in link(page) and "hidden" in link(page))
    page.get_by_role("button", name="One epoch").click()
    until(page, lambda: "steps=25" in link(page))
    tab(page, "Take it away")
    assert page.get_by_label("What restores everything").input_value().endswith(ask(page, "() => location.hash"))
    again = visit(ask(page, "() => location.hash.slice(1)"))
    expect(again.get_by_role("radio", name="spiral")).to_have_attribute("aria-checked", "true")
    expect(again.locator(".how-many")).to_have_text("3 hidden layers")
    assert control(again, "optimizer").locator("select").input_value() == "adam"
    expect(again.locator(".batches")).to_have_text("25 steps")  # the run is trained as far
    assert loss(again) == loss(page)
    assert pixels(again, ".plane canvas.ground") == pixels(page, ".plane canvas.ground")


def test_a_link_that_cannot_be_read_is_said_so(visit: Callable[..., Any]) -> None:
    page = visit("hidden=10000,10000&lr=nan&nonsense=1")
    expect(page.locator(".notice")).to_contain_text("the link can't be restored")
    expect(page.locator(".neuron.hidden-unit")).to_have_count(6)


def test_images_and_a_drawing(visit: Callable[..., Any]) -> None:
    page = visit("data=digits&hidden=16&activation=relu&lr=0.03&steps=900")
    tab(page, "Images")
    expect(page.locator(".batches")).to_have_text("900 steps", timeout=20_000)
    box = page.locator(".drawing").bounding_box()
    left, top, side = box["x"], box["y"], box["width"]
    page.mouse.move(left + side / 2, top + side * 0.1)
    page.mouse.down()
    page.mouse.move(left + side / 2, top + side * 0.9, steps=8)
    page.mouse.up()
    expect(page.locator(".bars li")).to_have_count(5)
    shares = [int(text.removesuffix(" %")) for text in page.locator(".bars .number").all_inner_texts()]
    assert shares == sorted(shares, reverse=True)
    answer = page.locator(".bars").inner_text()
    page.mouse.move(left + side * 0.2, top + side * 0.2)
    page.mouse.down()
    page.mouse.move(left + side * 0.8, top + side * 0.2, steps=8)
    page.mouse.up()
    until(page, lambda: page.locator(".bars").inner_text() != answer)  # with a bar on top it is another digit
    assert page.locator(".samples figure").count() > 20
    assert page.locator(".first-weights canvas").count() == 16
    expect(page.locator("table.confusion:visible")).to_have_count(1)
    picture(page, "image", full=True)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".bars")).to_have_text("Draw something.")
    page.locator(".drawing").focus()
    for key in ("ArrowUp", "Enter", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(page.locator(".bars li")).to_have_count(5)


def test_a_table_of_ones_own(visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit()
    rows = [f"{i % 7},{i % 5},{'fern' if i % 7 > 3 else 'moss'}" for i in range(60)]
    paste(page, "\n".join(["height,width,kind", *rows]))
    expect(page.locator(".legend")).to_contain_text("fern")
    expect(page.locator(".input-name").first).to_have_text("height")
    paste(page, "\n".join(["height,width,kind", *rows[:30], "nan,2,fern", *rows[30:]]))
    expect(page.locator(".notice")).to_contain_text(re.compile("line 32"))
    drop = """text => {
        const moved = new DataTransfer();
        moved.items.add(new File([text], 'dropped.csv', {type: 'text/csv'}));
        return moved;
    }"""
    moved = page.evaluate_handle(drop, "\n".join(["length,weight,kind", *rows]))
    page.locator(".data-column").dispatch_event("drop", {"dataTransfer": moved})
    expect(page.locator(".input-name").first).to_have_text("length")
    page.get_by_role("button", name="Your own CSV").click()
    (tmp_path / "huge.csv").write_text("a,b\n" + "1,2\n" * 10_000_000)
    page.get_by_label("A CSV file").set_input_files(tmp_path / "huge.csv")
    expect(page.locator("dialog .problem")).to_contain_text("the table has 40.0 MB; at most")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="One epoch").click()
    expect(page.locator(".batches")).not_to_have_text("0 steps")


def paste(page: Any, text: str) -> None:
    if not page.locator("dialog").count():
        page.get_by_role("button", name="Your own CSV").click()
    page.locator("dialog textarea").evaluate("(field, text) => { field.value = text; }", text)
    page.get_by_role("button", name="Use this").click()


def test_the_picture_and_the_scripts(visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit()
    page.get_by_role("button", name="One epoch").click()
    expect(page.locator(".batches")).to_have_text("25 steps")
    tab(page, "Take it away")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the picture").click()
    saved.value.save_as(tmp_path / "picture.png")
    from PIL import Image

    drawn = Image.open(tmp_path / "picture.png")
    assert drawn.width > 1000
    assert len(drawn.convert("RGB").getcolors(1_000_000)) > 500
    for name, library in (("NumPy", "numpy"), ("PyTorch", "torch")):
        page.get_by_role("button", name=f"As a {name} script").click()
        expect(page.locator(".code")).to_contain_text(f"import {library}")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download").click()
    assert "import torch" in Path(saved.value.path()).read_text()
    picture(page, "away", full=True)


YOURS = """
def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    error = target - output_layer_out
    output_error_term = error * output_layer_out * (1 - output_layer_out)
    hidden_error_term = output_error_term * weights_hidden_to_output
    return learnrate * output_error_term * hidden_layer_out, learnrate * hidden_error_term * x[:, None]
"""


def test_your_own_function_with_a_mistake(visit: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(YOURS)
    process, url = served(str(tmp_path / "mine.py"))
    try:
        page = visit(at=url)
        tab(page, "Your code")
        expect(page.locator(".yours-tab")).to_contain_text("backward_pass")
        expect(page.locator(".yours-tab .report")).to_contain_text(re.compile("GD\\d+"), timeout=20_000)
        page.get_by_role("button", name="One epoch").click()
        expect(page.locator(".batches")).not_to_have_text("0 steps")
        picture(page, "your-code", full=True)
    finally:
        process.terminate()
        process.wait(20)


def test_what_your_function_raises_and_the_server_s_end_are_shown(visit: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        YOURS.replace("    error =", "    if target == 1:\n        raise KeyError('oh')\n    error =")
    )
    process, url = served(str(tmp_path / "mine.py"))
    try:
        page = visit(at=url)
        page.get_by_role("button", name="One epoch").click()
        expect(page.locator(".raised")).to_contain_text("KeyError")
        expect(page.locator(".yours-tab [role=alert]")).to_contain_text("mine.py, line 4")
        page.get_by_role("radio", name="xor").click()
        expect(page.get_by_role("radio", name="xor")).to_have_attribute("aria-checked", "true")
        picture(page, "raised", full=True)
    finally:
        process.terminate()
        process.wait(20)
    expect(page.locator(".notice")).to_contain_text("The server has stopped: run chainrule play again")


def test_words_from_outside_are_never_read_as_html(visit: Callable[..., Any]) -> None:
    page = visit()
    evil = "<img src=x onerror=document.title='had'>"
    paste(page, "\n".join([f"{evil},b,c", *(f"{i % 7},{i % 5},{evil}{i % 2}" for i in range(40))]))
    expect(page.locator(".legend")).to_contain_text("<img src=x")
    assert page.locator("img").count() == 0
    assert page.title() == "chainrule playground"


@pytest.mark.parametrize(("width", "height", "scheme"), [(1280, 800, "dark"), (390, 844, "light"), (900, 700, "dark")])
def test_it_fits_the_screen(visit: Callable[..., Any], width: int, height: int, scheme: str) -> None:
    page = visit(viewport={"width": width, "height": height}, color_scheme=scheme)
    for _ in range(4):
        page.get_by_role("button", name="One epoch").click()
    expect(page.locator(".batches")).to_have_text("100 steps")
    assert ask(page, "() => document.documentElement.scrollWidth") <= width
    if width == LAPTOP["width"]:
        assert (
            page.locator(".main-part").bounding_box()["height"] + page.locator(".main-part").bounding_box()["y"]
            < height
        )
    picture(page, "narrow" if width < 400 else f"{scheme}-{width}", full=width < 1000)
