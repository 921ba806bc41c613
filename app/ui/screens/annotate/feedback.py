"""The feedback to a rater after a practice clip or an attention check."""

from typing import TYPE_CHECKING

from app.domain.bands import axis_words, span_words
from app.services.study.tasks import Task
from app.ui.look.language import tr

if TYPE_CHECKING:
    from app.services.study.session import Feedback


def feedback_words(feedback: "Feedback", task: Task, language: str) -> str:
    """Return the study's own text, and the emotions that were expected to be rated differently."""
    labels = {term.name: term.label(language) for term in task.study.emotions}
    if task.is_trace:
        labels = {name: axis_words(task.study, name, language) for name in feedback.expected}
    lines = [feedback.text] if feedback.text else []
    for name in feedback.outside:
        low, high = feedback.expected[name]
        span = span_words(low, high) if task.is_trace else f"{low}" + (f"–{high}" if high != low else "")
        lines.append(tr("{labels}: expected {span}.", labels=labels[name], span=span))
    if lines:
        return "\n".join(lines)
    # Where nothing was expected there is no verdict, only the way on.
    words = {
        True: tr("Your trace is as expected.") if task.is_trace else tr("Your answer is as expected."),
        False: tr("Another category was expected."),
        None: tr("Your answer is saved."),
    }
    return words[feedback.passed]
