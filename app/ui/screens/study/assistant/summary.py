"""The last page: the whole study in sentences, before it is dealt."""

from app.domain.study import Study, text_in
from app.domain.study_words import DESIGNS, TRACES
from app.domain.words import duration, many
from app.services.study.outlook import Outlook
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, SPACE_XS
from app.ui.parts.widgets.basic import column, label
from app.ui.screens.study.assistant.page import Page


class SummaryPage(Page):
    """What will be stored and dealt."""

    def __init__(self) -> None:
        super().__init__()
        self.title = label(kind="title", wrap=True)
        self.lines = {
            words: label(wrap=True)
            for words in (tr("What is judged"), tr("What is asked"), tr("How clips are shown"), tr("Who judges"))
        }
        parts = [column(label(words, "section"), text, spacing=SPACE_XS) for words, text in self.lines.items()]
        self.setLayout(column(self.title, SPACE_M, *parts, None, spacing=SPACE_L))

    def show_outlook(self, outlook: Outlook) -> None:
        study, draft = outlook.draft.study, outlook.draft
        self.title.setText(study.name)
        self.lines[tr("What is judged")].setText(f"{counted(outlook)}.")
        self.lines[tr("What is asked")].setText(_asked(study))
        shown = (
            (tr("{condition} with sound") if c.audio else tr("{condition} without sound")).format(
                condition=text_in(c.labels, "en", c.name)
            )
            for c in study.conditions
        )
        self.lines[tr("How clips are shown")].setText("; ".join(shown) or "–")
        design = dict(DESIGNS)[study.design]
        people = ", ".join(draft.raters) or tr("Nobody yet")
        self.lines[tr("Who judges")].setText(f"{people}. {design}.")


def counted(outlook: Outlook) -> str:
    """Return the numbers of a draft on one line, such as `5 clips, 9 faces · 3 raters · 54 judgements · …`."""
    said = [f"{many(outlook.clips, tr('clip'), tr('clips'))}, {many(outlook.faces, tr('face'), tr('faces'))}"]
    said.append(many(len(outlook.draft.raters), tr("rater"), tr("raters")))
    if outlook.shares:
        said.append(many(outlook.judgements, tr("judgement"), tr("judgements")))
        longest, shortest = (pick(share.seconds for share in outlook.shares) for pick in (max, min))
        times = dict.fromkeys((duration(shortest), duration(longest)))
        said.append(tr("about {time} for each rater", time=tr(" to ").join(times)))
    return " · ".join(said)


def _asked(study: Study) -> str:
    said = []
    if study.emotions:
        said.append(tr("The strength of {emotions}", emotions=", ".join(term.label("en") for term in study.emotions)))
    if study.categories:
        said.append(tr("Which one fits best"))
    if study.trace is not None:
        said.append(dict(TRACES)["joint" if study.trace.joint else "each"])
    return ". ".join(said) + "." if said else tr("Nothing.")
