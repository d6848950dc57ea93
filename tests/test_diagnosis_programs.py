"""What diagnose says of whole programs; ``make confusion`` runs all of them, this a part."""

import pytest
from tests.programs import ProgramFile, findings, programs

WRONG = [each for each in programs("wrong") if each.path.stem.endswith("_b")][::2]
RIGHT = [each for each in programs("right") if each.path.stem.endswith("_a")][::4]


@pytest.mark.parametrize("program", programs("healthy")[::2], ids=str)
def test_no_alarm_on_a_healthy_program(program: ProgramFile) -> None:
    assert program.wrongly(findings(program.path)) == []


@pytest.mark.parametrize("program", WRONG, ids=str)
def test_the_mistake_in_a_program_is_named(program: ProgramFile) -> None:
    assert program.wrongly(findings(program.path)) == []


@pytest.mark.parametrize("program", RIGHT, ids=str)
def test_no_alarm_on_a_corrected_program(program: ProgramFile) -> None:
    assert program.wrongly(findings(program.path)) == []
