"""From a recording to the report: every entry that knows how it is seen is asked."""

from collections.abc import Iterable

from chainrule.diagnosis.recording import Recording
from chainrule.mistakes import CATALOGUE, Finding, Mistake, Report
from chainrule.mistakes.evidence import Evidence

ORDER = {"error": 0, "warning": 1, "remark": 2}


class RunReport(Report):
    """The report on a run: what was found, errors first.

    Its ``passed`` says that there is neither an error nor a warning; remarks alone are no reason to stop.
    """

    @property
    def passed(self) -> bool:
        """Whether no error and no warning was found."""
        return all(finding.severity == "remark" for finding in self.findings)

    @property
    def verdict(self) -> str:
        """How many errors, warnings and remarks; ``nothing found`` where there are none."""
        counts = {severity: sum(each.severity == severity for each in self.findings) for severity in ORDER}
        parts = [f"{count} {severity}{'s' if count > 1 else ''}" for severity, count in counts.items() if count]
        return ", ".join(parts) or "nothing found"

    def __str__(self) -> str:
        return super().__str__()

    __repr__ = __str__


def judge(run: Recording, mistakes: Iterable[Mistake] | None = None) -> RunReport:
    """Return the report on a recorded run.

    Parameters
    ----------
    run : Recording
        What was recorded.
    mistakes : iterable of Mistake, optional
        Which entries are asked. Default: the whole catalogue.
    """
    if mistakes is None:
        import chainrule.mistakes.training  # noqa: F401  (enters the entries)

        mistakes = list(CATALOGUE.values())
    findings: list[Finding] = []
    blind = dict(run.blind)
    for mistake in mistakes:
        for observer in mistake.observers:
            if observer.whole_epochs and run.cut:
                continue
            try:
                seen = list(observer.look(run))
            except Exception as error:  # an entry's defect must not cost the user the other findings; the note says it
                blind[f"{mistake.code}"] = f"{type(error).__name__}: {error}"
                continue
            findings += _findings(mistake, seen, run)
    findings.sort(key=lambda finding: (ORDER[finding.severity], finding.file or "", finding.line or 0, finding.code))
    return RunReport(run.program.name, findings, _note(run, blind))


def _findings(mistake: Mistake, seen: list[Evidence], run: Recording) -> list[Finding]:
    """Make one finding of the evidence for each line."""
    lines: dict[tuple[str, int] | None, list[Evidence]] = {}
    for evidence in seen:
        if evidence.place is None or not run.program.ignores(evidence.place, mistake.code):
            key = (evidence.place.file, evidence.place.line) if evidence.place else None
            lines.setdefault(key, []).append(evidence)
    found = []
    for same in lines.values():
        first = min(same, key=lambda evidence: ORDER[evidence.severity])
        more = len(same) - 1
        text = f"{first.text}\n(seen {more} more time{'s' if more > 1 else ''} on this line)" if more else first.text
        found.append(
            Finding(
                code=mistake.code,
                title=mistake.title,
                severity=first.severity,
                evidence=text,
                explanation=mistake.explanation,
                fix=f"{mistake.fix}\n{first.fix}" if first.fix else mistake.fix,
                file=run.program.display(first.place.file) if first.place else None,
                line=first.place.line if first.place else None,
            )
        )
    return found


def _note(run: Recording, blind: dict[str, str]) -> str:
    sentences = []
    if run.failure:
        sentences.append(f"The program stopped with {run.failure}; the findings are about what ran until then.")
    if run.cut:
        sentences.append(f"Each epoch was cut after {run.cut} batches, so nothing is said about metrics and epochs.")
    if not any(each.forwards for each in run.batches):
        sentences.append("No network was called in this run.")
    if blind:
        parts = "; ".join(f"{where}: {what}" for where, what in blind.items())
        sentences.append(f"chainrule itself failed to look at something; please report it: {parts}")
    return " ".join(sentences)
