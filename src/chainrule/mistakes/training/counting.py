"""Right answers, counted and divided: what is shown as accuracy, beside what is true."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chainrule.mistakes.catalogue.training_metrics import divided_by_batches
from chainrule.mistakes.evidence import Evidence

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Recording


@divided_by_batches.observed(whole_epochs=True)
def _divided_by_batches(run: "Recording") -> Iterator[Evidence]:
    for number in run.shown():
        if number.decimals == 0:
            continue  # a whole number is easily met by chance
        for done in run.last_passes(number.at):
            batches = len(done.batches)
            if done.correct is None or done.accuracy is None or batches < 2 or done.correct == 0:
                continue
            truth = (done.accuracy, 100 * done.accuracy)
            quotient = done.correct / batches
            if any(number.shows(value) for value in truth) or not (
                number.shows(quotient) or number.shows(100 * quotient)
            ):
                continue
            loader = run.loader_name(done)
            yield Evidence(
                f"{number.how} {number.value:g}; {done.correct:,} of {done.counted:,} answers are right, that is "
                f"{done.accuracy:.2%}; the count was divided by {batches} batches",
                number.place,
                fix=f"divide by len({loader}.dataset) instead of len({loader})" if loader else "",
            )
            break
