"""Write the pages that are made from the code: all, or only those of the codes named."""

import argparse
import json
import os
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from docs.generator import commands, figures, lessons, measured, search

if TYPE_CHECKING:
    from docs.generator.curves import Run, Setting

DOCS = Path(__file__).parents[1]


def main() -> None:
    """Write everything beside the pages that are written by hand; git ignores it there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("codes", nargs="*", help="codes of mistakes; default: all, and the other pages")
    codes = parser.parse_args().codes
    os.environ["OMP_NUM_THREADS"] = "1"
    write_mistakes(DOCS / "mistakes", codes)
    if not codes:
        lessons.write(DOCS / "learn")
        commands.write(DOCS / "reference")
        measured.write(DOCS / "reference")
        figures.write(DOCS / "pictures")


def write_mistakes(folder: Path, codes: list[str] | None = None) -> None:
    """Write the pages of these mistakes, or of all, and the indexes.

    Two processes share the work: it is training, mostly.
    """
    from docs.generator import pages

    folder.mkdir(exist_ok=True)
    catalogue()  # before the processes are forked: what they need is imported once
    settings()
    chosen = codes or sorted(catalogue())
    workers = min(2, os.cpu_count() or 1)
    with ProcessPoolExecutor(workers) as pool:
        shown = dict(pool.map(partial(write_mistake, folder), chosen))
    known = folder / "curves.json"
    curves = (json.loads(known.read_text(encoding="utf-8")) if codes and known.exists() else {}) | shown
    known.write_text(json.dumps(curves), encoding="utf-8")
    (folder / "index.md").write_text(pages.by_symptom() + _toctree(), encoding="utf-8")
    (folder / "by-code.md").write_text(pages.by_code(curves), encoding="utf-8")
    (folder / "scorer.js").write_text(search.scorer(), encoding="utf-8")
    (folder / "by-place.md").write_text(pages.by_place(), encoding="utf-8")


def _toctree() -> str:
    return "\n```{toctree}\n:hidden:\n\nby-code\nby-place\n```\n\n```{toctree}\n:hidden:\n:glob:\n\n[A-Z]*\n```\n"


@cache
def catalogue() -> dict[str, object]:
    """Return the whole catalogue, with the exercises and what they need loaded."""
    import chainrule.mistakes.training  # noqa: F401
    from chainrule.course.exercise import load
    from chainrule.mistakes import CATALOGUE

    load()
    return dict(CATALOGUE)


@cache
def settings() -> tuple[dict[str, "Setting"], dict[tuple[str, int], "Run"]]:
    """Return all small trainings, and the healthy runs that this process has made of them."""
    import torch

    from docs.generator import layer_runs, numpy_runs, penalty_runs, torch_runs

    torch.set_num_threads(1)
    return numpy_runs.SETTINGS | layer_runs.SETTINGS | penalty_runs.SETTINGS | torch_runs.SETTINGS, {}


def write_mistake(folder: Path, code: str) -> tuple[str, str]:
    """Write one page with its picture; return the code, and in a word whether the curve shows the mistake."""
    from chainrule.mistakes import CATALOGUE
    from docs.generator import checks, drawing, pages, programs, sentences
    from docs.generator.curves import CHOSEN, compare

    catalogue()
    mistake = CATALOGUE[code]
    known, healthy = settings()
    comparison = compare(mistake, known, healthy, CHOSEN.get(code, "")) or programs.compare(code)
    content = pages.Content(
        comparison, checks.checked(mistake), programs.diagnosed(code) if mistake.observers else None
    )
    shown = sentences.visible(comparison) if comparison else ""
    if comparison and shown != sentences.STOPS:
        drawing.draw(comparison, folder / f"{code}.svg")
    (folder / f"{code}.md").write_text(pages.page(mistake, content), encoding="utf-8")
    return code, shown


if __name__ == "__main__":
    main()
