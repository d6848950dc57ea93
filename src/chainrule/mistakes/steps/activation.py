"""An activation of one's own with its slope: what is true of any right one, whichever function it is."""

from typing import Any

from chainrule.mistakes.step import Step

activation = Step(
    "activation",
    inputs="z",
    returns="shape_is_kept slope_is_that_of activation_bends far_out_both_are_numbers",
)


@activation.part
def shape_is_kept() -> Any:
    return True


@activation.part
def slope_is_that_of() -> Any:
    return "the activation"


@activation.part
def activation_bends() -> Any:
    return True


@activation.part
def far_out_both_are_numbers() -> Any:
    return True
