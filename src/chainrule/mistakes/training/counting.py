"""Right answers, counted and divided: what is shown as accuracy, beside what is true."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chainrule.mistakes.evidence import Evidence
from chainrule.mistakes.mistake import Mistake

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Recording

divided_by_batches = Mistake(
    code="TR191",
    title="the count of right answers is divided by the number of batches",
    symptom="An 'accuracy' that can rise to the batch size: 31.9 with batches of 32, however good the network is.",
    explanation="The counter holds records, len(loader) counts batches. The quotient is the number of right answers in "
    "an average batch; only with batches of 100 does it happen to be a percentage.",
    fix="Divide by the number of records: correct / len(loader.dataset), or count them in the loop.",
    wrong="accuracy = correct / len(test_loader)",
    right="accuracy = correct / len(test_loader.dataset)",
    seen=12,
)


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
