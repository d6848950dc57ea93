"""The playground's controls in a real browser: each is moved, and what it does is seen. Pictures: out/screenshots."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pages import DRAWN, LAPTOP, ask, control, epoch, expect, link, loss, picture, pixels, until

pytest_plugins = ["pages"]


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
