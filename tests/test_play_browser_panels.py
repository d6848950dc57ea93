"""What the playground shows below the network: one record, mistakes, images, one's own code, what is taken away."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pages import ask, control, epoch, expect, link, loss, picture, pixels, served, tab, until

pytest_plugins = ["pages"]


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
