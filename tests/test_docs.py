"""The documentation's generator: a handful of pages, and what must be true of all of them.

``make docs`` builds the whole site, and has its links and pictures looked at here: DOCS is the folder that it is in.
"""

import os
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from docs.generator import __main__ as generator
from docs.generator import checks, commands, lessons, measured, pages, sentences
from docs.generator.curves import Comparison, NotThere, Run, Setting, compare, run
from docs.generator.symptoms import SYMPTOMS, WHERE, symptoms_of
from typer.testing import CliRunner

from chainrule.cli import app
from chainrule.mistakes import CATALOGUE, Finding, Report

ROOT = Path(__file__).parents[1]
SITE = ROOT / os.environ.get("DOCS", "out/docs")
built = pytest.mark.skipif("DOCS" not in os.environ, reason="make docs looks at the site that it has built")
generator.catalogue()


def test_each_mistake_stands_under_a_symptom_and_in_one_place() -> None:
    said = {code for group in SYMPTOMS.values() for codes in group.values() for code in codes}
    places = [code for codes in WHERE.values() for code in codes]
    assert said == set(CATALOGUE)
    assert sorted(places) == sorted(CATALOGUE)


def comparison(code: str, setting: str) -> Comparison:
    settings, healthy = generator.settings()
    found = compare(CATALOGUE[code], {setting: settings[setting]}, healthy)
    assert found is not None
    return found


def test_the_wrong_sign_is_seen() -> None:
    uphill = comparison("GD121", "two layers")
    assert sentences.visible(uphill) == sentences.SHOWS
    first, last = (np.mean([run.series["loss"][at] for run in uphill.wrong]) for at in (0, -1))
    assert last > first
    assert "The curve shows it" in sentences.in_words(uphill)
    assert "loss: with the mistake it starts at" in sentences.alternative(uphill)


def test_what_changes_no_number_is_said_to_show_nothing() -> None:
    silent = comparison("GD145", "loss and slope")
    assert sentences.visible(silent) == sentences.SILENT
    assert "Number for number" in sentences.in_words(silent)


def test_an_error_has_no_curve() -> None:
    stopped = comparison("GD162", "two layers")
    assert sentences.visible(stopped) == sentences.STOPS
    assert "ValueError" in sentences.in_words(stopped)


def flat(values: list[float]) -> Run:
    return Run({"loss": values})


NAN = float("nan")
MADE_UP = [
    ([1.0, 0.5, 0.2, 0.1, 0.1], sentences.SILENT),
    ([1.0, 0.9, 0.8, 0.7, 0.4], sentences.BESIDE),
    ([1.0, 0.9, 0.8, 0.7, 0.7], sentences.SHOWS),
    ([1.0, NAN, NAN, NAN, NAN], sentences.SHOWS),
]


@pytest.mark.parametrize(("wrong", "shown"), MADE_UP)
def test_a_curve_shows_what_lies_outside_of_the_healthy_ones(wrong: list[float], shown: str) -> None:
    setting = Setting("a made-up network", (), lambda replaced, seed, series: None)
    healthy = (flat([1.0, 0.5, 0.2, 0.1, 0.1]), flat([1.1, 0.6, 0.25, 0.12, 0.11]))
    assert sentences.visible(Comparison(setting, (), (flat(wrong),) * 2, healthy)) == shown


def test_a_form_that_is_never_reached_is_no_form_of_the_curve() -> None:
    from chainrule.mistakes import Step

    step = Step("step", inputs="x", returns="y")

    @step.part
    def y(x: Any) -> Any:
        return x

    @step.part
    def unused(x: Any) -> Any:
        return x

    setting = Setting(
        "", (step,), lambda replaced, seed, series: series.update(y=[step.values({"x": 1}, replaced)["y"]])
    )
    assert run(setting, {y: lambda x: 2.0}, 0).series == {"y": [2.0]}
    with pytest.raises(NotThere):
        run(setting, {unused: lambda x: 2.0}, 0)


@pytest.mark.parametrize("code", ["GD104", "RG101", "TR190"])
def test_what_check_says_on_a_page_names_its_mistake(code: str) -> None:
    checked = checks.checked(CATALOGUE[code])
    assert checked is not None
    assert f"[{code}]" in str(checked.report)


def test_a_page_has_what_a_reader_looks_for(tmp_path: Path) -> None:
    generator.write_mistake(tmp_path, "GD105")
    text = (tmp_path / "GD105.md").read_text(encoding="utf-8")
    mistake = CATALOGUE["GD105"]
    assert text.startswith("# Each record overwrites the change of the one before (GD105)\n")
    for part in (mistake.symptom, mistake.fix, mistake.wrong, mistake.right, "## The curve", "[GD105]", "## Related"):
        assert part in text
    assert all(said in text for said in symptoms_of("GD105"))
    assert re.search(r":alt: Loss: with the mistake it starts at 0\.\d+, ends at 0\.\d+; healthy, starts", text)
    assert "<svg" in (tmp_path / "GD105.svg").read_text(encoding="utf-8")


def test_related_mistakes_are_others_and_alike() -> None:
    related = pages.related(CATALOGUE["TR175"])
    assert CATALOGUE["TR175"] not in related
    assert CATALOGUE["TR176"] in related


def test_each_command_has_its_help() -> None:
    page = commands.page()
    for name in ("run", "check", "diagnose", "train", "sweep", "explain"):
        assert f"## chainrule {name}\n" in page
        assert f"Usage: chainrule {name}" in page


def test_each_lessons_pictures_say_what_they_show() -> None:
    for stem, name in lessons.PAGES.items():
        notebook = lessons.page(lessons.NOTEBOOKS / "solutions" / f"{stem}.ipynb", name)
        drawn = [
            cell for cell in notebook.cells if any("image/png" in o.get("data", {}) for o in cell.get("outputs", ()))
        ]
        assert drawn
        for cell in drawn:
            assert len(cell.metadata["mystnb"]["image"]["alt"]) > 30


def test_a_measured_run_is_shown_with_its_machine() -> None:
    row = {"task": "tiny", "what": "2-2-2", "threads": 1, "peak": {}, "blas": []}
    numbers = {"medians": {"chainrule": 2e-6}, "ratios": {"chainrule": 1.0}, "shares": {}}
    page = measured.page({"date": "2026-01-01", "machine": {"numpy": "2.0"}, "rows": [row | numbers]})
    assert "- numpy: 2.0" in page
    assert "| chainrule | 2.0 | 1.00 |" in page


def test_explain_says_what_a_code_means() -> None:
    done = CliRunner().invoke(app, ["explain", "gd105"])
    assert done.exit_code == 0
    assert CATALOGUE["GD105"].title in done.stdout
    assert CliRunner().invoke(app, ["explain", "GD999"]).exit_code == 2


def test_a_finding_links_to_its_page_where_the_documentation_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    report = Report("sigmoid", [Finding("GD123", "no brackets"), Finding("CR002", "raised")])
    assert "href" not in report.html()
    monkeypatch.setenv("CHAINRULE_DOCS", "file:///docs/")
    assert report.html().count("href") == 1
    assert 'href="file:///docs/mistakes/GD123.html"' in report.html()


class Page(HTMLParser):
    """What is looked at of a built page: its anchors, its links, its pictures without words, and other hosts."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.mute: list[str] = []
        self.hosts: list[str] = []
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.ids |= {given[key] or "" for key in ("id", "name") if key in given}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if tag == "img" and not (given.get("alt") or "").strip():
            self.mute.append(given.get("src") or "")
        loaded = (
            given.get("src") if tag in {"script", "img", "iframe"} else given.get("href") if tag == "link" else None
        )
        if loaded and re.match(r"(https?:)?//", loaded):
            self.hosts.append(loaded)


@built
def test_the_built_site_has_no_dead_link_no_mute_picture_and_no_other_host() -> None:
    known = {file.resolve(): Page(file) for file in SITE.glob("**/*.html")}
    faults = []
    for file, page in known.items():
        faults += [f"{file.name}: a picture without words: {each}" for each in page.mute]
        faults += [f"{file.name}: loads {each}" for each in page.hosts]
        for link in page.links:
            if re.match(r"[a-z]+:", link):
                continue
            path, _, anchor = link.partition("#")
            target = (file.parent / path).resolve() if path else file
            if not target.exists():
                faults.append(f"{file.name}: dead link {link}")
            elif anchor and target in known and anchor not in known[target].ids:
                faults.append(f"{file.name}: dead anchor {link}")
    assert faults == []


@built
def test_each_mistake_has_a_page_in_the_built_site() -> None:
    assert {file.stem for file in (SITE / "mistakes").glob("[A-Z]*.html")} == set(CATALOGUE)
