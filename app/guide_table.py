"""The guided first hours: for each of three roles the steps on the demo project, a row each. No Qt.

A step is done by what somebody does, not by a press that says so; `app.guides` states which events there are.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Step:
    """A step of a guide.

    Attributes:
        id: Short name; done steps are kept by it.
        text: What to do, and what is to be seen there.
        done_by: The event that does it, see `app.guides`.
        times: How often the event must happen.
        action: Id of the command that leads there; empty where the user should find it.
    """

    id: str
    text: str
    done_by: str
    times: int = 1
    action: str = ""


@dataclass(frozen=True)
class Guide:
    """A guided first hour.

    Attributes:
        id: Short name.
        title: Its name in menu and panel.
        steps: The steps in their order.
    """

    id: str
    title: str
    steps: tuple[Step, ...]


_DEMO: Final = Step(
    "demo",
    "Open the demo: a clip with known affect, three traces, and a study with simulated raters.",
    "holds demo",
    action="project.open_demo",
)

GUIDES: Final = (
    Guide(
        "annotator",
        "First hour for annotators",
        (
            _DEMO,
            Step("play", "Play the clip with Space; ← and → step through its frames.", "ran player.toggle_play"),
            Step(
                "trace",
                "Record a trace: press R and move the mouse over the plane while the clip plays. It is saved at the "
                "end of the clip, or when you press R again.",
                "changed trace",
                action="screens.review",
            ),
            Step(
                "join",
                "Take part: this makes a study on the demo for a rater with the code YOU, and assigns its clips.",
                "ran guide.join",
                action="guide.join",
            ),
            Step(
                "sign in",
                "Open Annotate and sign in as YOU. While you judge, this panel is hidden: digits answer, ↓ and ↑ go "
                "from question to question, X says that you cannot tell, and Enter saves. Esc and then Leave bring "
                "the panel back.",
                "holds annotating",
                action="screens.annotate",
            ),
            Step(
                "judge",
                "Judge two clips. Then press Esc to pause, and leave; your place is kept.",
                "changed answer",
                times=2,
                action="screens.annotate",
            ),
            Step("keys", "Press ? to see all keys. You can give actions keys of your own.", "ran help.show_shortcuts"),
            Step("page", "Press F1 on any screen for its page. It needs no network.", "ran help.show_page"),
        ),
    ),
    Guide(
        "psychologist",
        "First hour for psychologists",
        (
            _DEMO,
            Step(
                "agreement",
                "Open Agreement. Its first page tells how far five simulated raters agree, by the face alone and in "
                "full context.",
                "holds screen.agreement",
                action="screens.agreement",
            ),
            Step(
                "pages",
                "Turn its pages with Ctrl+Page down: the effect of context, reliability, raters, clips, traces, model.",
                "ran agreement.next_page",
                times=3,
                action="screens.agreement",
            ),
            Step(
                "export",
                "Export a table or a figure with Ctrl+Shift+X: Excel, CSV, SVG, PDF or PNG.",
                "ran export.open",
                action="export.open",
            ),
            Step(
                "report",
                "Save the agreement report as PDF. It begins with its findings, and names every estimator.",
                "ran agreement.save_pdf",
                action="agreement.save_pdf",
            ),
            Step(
                "study",
                "Open Study: who judges which clips, in which condition, and how far everybody is.",
                "holds screen.study",
                action="screens.study",
            ),
            Step(
                "new study",
                "Begin a study of your own with the assistant. It shows problems with a button that solves each; "
                "you can leave it at any time.",
                "ran study.new",
                action="study.new",
            ),
            Step(
                "train",
                "Open Train to see what the labels can teach a model. It is compared on people whom it has not seen.",
                "holds screen.train",
                action="screens.train",
            ),
            Step("page", "Press F1 on any screen for its page. It needs no network.", "ran help.show_page"),
        ),
    ),
    Guide(
        "visitor",
        "First hour for visitors",
        (
            _DEMO,
            Step("play", "Play the clip with Space. The dashed curves are people's traces.", "ran player.toggle_play"),
            Step(
                "analyse",
                "Analyse the clip with Ctrl+Enter. The model's curves are drawn solid beside those of the people.",
                "changed run",
                action="analysis.analyse_clip",
            ),
            Step(
                "zoom",
                "Zoom into the timeline with +, and out with −. The numbers beside it tell how well the curves agree.",
                "ran timeline.zoom_in",
                action="timeline.zoom_in",
            ),
            Step(
                "measure",
                "Measure the face with Ctrl+M: head pose, gaze, blinks and movements.",
                "ran analysis.measure_clip",
                action="analysis.measure_clip",
            ),
            Step(
                "camera",
                "Open Camera to see what a model reads in your own face. Nothing leaves this machine.",
                "holds screen.camera",
                action="screens.camera",
            ),
            Step(
                "models",
                "Open Models: what each was trained on, how good it is, and on whom it was measured.",
                "holds screen.models",
                action="screens.models",
            ),
            Step("theme", "Change between light and dark with Ctrl+Shift+D.", "ran view.toggle_theme"),
            Step(
                "palette",
                "Press Ctrl+K and type what you want to do: every action is found by its name.",
                "ran app.open_palette",
            ),
        ),
    ),
)
