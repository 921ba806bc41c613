"""The check of sound and screen before the first clip of a sitting: tones are counted, faint digits are read."""

from typing import Final

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from app.domain.sitting import (
    DARK_LEVELS,
    LIGHT_LEVELS,
    SittingCheck,
    SittingQuestions,
    SoundState,
    draw_questions,
    steps_read,
)
from app.media.tones import count_tones
from app.services.study.sitting import CheckWanted
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from app.ui.parts.player.audio import RATE, Samples, Speaker
from app.ui.parts.widgets.basic import Card, button, column, in_tab_order, label, row, set_tone

PUSH_MS: Final = 40
TAIL_S: Final = 0.4
NO_OUTPUT: Final = tr("This machine has no sound output that the program can use.")
PLUG_IN: Final = tr("Plug in headphones or a loudspeaker, choose it in the system's sound settings, and play again.")


class StepField(QWidget):
    """Faint digits on black or white, painted in exact greys whatever the theme.

    Args:
        ground: Grey of the ground.
        levels: Greys of the digits, left to right.
    """

    def __init__(self, ground: int, levels: tuple[int, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ground, self._levels = ground, levels
        self.digits = ""
        self.setFixedHeight(92)
        self.setMinimumWidth(240)

    def show_digits(self, digits: str) -> None:
        """Show digits."""
        self.digits = digits
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._ground, self._ground, self._ground))
        font = QFont(self.font())
        font.setPixelSize(58)
        font.setBold(True)
        painter.setFont(font)
        wide = self.width() / max(len(self._levels), 1)
        for place, (digit, level) in enumerate(zip(self.digits, self._levels, strict=False)):
            painter.setPen(QColor(level, level, level))
            cell = QRect(round(place * wide), 0, round(wide), self.height())
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, digit)
        painter.setPen(QColor(160, 160, 160))  # white ends somewhere on a white card too
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class CheckPage(QWidget):
    """The page of the check, which can be used with the keyboard alone.

    Args:
        context: The context with volume and look.
    """

    checked = Signal(object)
    left = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._wanted = CheckWanted(sound=False, required=False)
        self._picture: tuple[int, int, float | None] = (0, 0, None)
        self._tries = 0
        self.questions: SittingQuestions = draw_questions()
        self.speaker: Speaker | None = None
        self._tones: Samples | None = None
        self._played = False
        self.play = button(tr("Play the tones"), icon_name="sound", tip="Space")
        self.count = _entry(tr("How many tones you heard"), 2)
        self.sound_note = label(kind="small", wrap=True)
        self.dark, self.light = StepField(0, DARK_LEVELS), StepField(255, LIGHT_LEVELS)
        self.dark_digits = _entry(tr("Digits that you see on black"), len(DARK_LEVELS))
        self.light_digits = _entry(tr("Digits that you see on white"), len(LIGHT_LEVELS))
        self.size_note = label(kind="small", wrap=True)
        self.verdict = label(wrap=True)
        self.go = button(tr("Check"), "primary", tip="Enter")
        self.skip = button(tr("Continue without"), "link", tip=tr("Your answers will say that the check was skipped"))
        self.leave = button(tr("Leave"), tip="Esc")
        self._timer = QTimer(self)
        self._timer.setInterval(PUSH_MS)
        self._timer.timeout.connect(self._push)
        self._end = QTimer(self)
        self._end.setSingleShot(True)
        self._end.timeout.connect(self._silence)
        self._lay_out()
        self.play.clicked.connect(self.play_tones)
        self.go.clicked.connect(self.submit)
        self.skip.clicked.connect(lambda: self._give(skipped=True))
        self.leave.clicked.connect(self.left)

    def begin(self, wanted: CheckWanted, picture: tuple[int, int, float | None]) -> None:
        """Begin a new check.

        Args:
            wanted: The checks to make.
            picture: Width and height of the place for pictures in device pixels, and its height in centimetres.
        """
        self._wanted, self._picture, self._tries = wanted, picture, 0
        self._sound.setVisible(wanted.sound)
        self.skip.setVisible(not wanted.required)
        self.verdict.setText("")
        width, height, tall_cm = picture
        cm = tr(", about {tall_cm} cm high on this screen", tall_cm=f"{tall_cm:.0f}") if tall_cm else ""
        self.size_note.setText(
            tr("Pictures are shown within {width} × {height} pixels{cm}.", width=width, height=height, cm=cm)
        )
        self._ask()

    def submit(self) -> None:
        """Compare the entries with what was played and shown."""
        if self.isVisible():
            self._give(skipped=False)

    def refuse(self, check: SittingCheck) -> None:
        """Say what is not right yet, and ask again with other tones and digits.

        Args:
            check: The findings.
        """
        set_tone(self.verdict, "warning")
        self.verdict.setText("\n".join(f"{what} {todo}" for what, todo in check.problems))
        self._ask()

    def play_tones(self) -> None:
        """Play the tones, again from the beginning."""
        self._silence()
        if self.speaker is None:
            self.speaker = Speaker(self._context.settings.number("player.volume") / 100)
        if not self.speaker.open:
            self._say_sound(f"{NO_OUTPUT} {PLUG_IN}")
            self._close_speaker()
            return
        samples = count_tones(self.questions.tones, RATE)
        self._tones, self._played = Samples(samples), True
        self._say_sound("", "")
        self.speaker.start(0.0)
        self._timer.start()
        self._end.start(round(1000 * (len(samples) / RATE + TAIL_S)))
        self.count.setFocus()

    def close_page(self) -> None:
        """Stop the sound and release the device."""
        self._silence()
        self._close_speaker()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focus = self.focusWidget()
            if isinstance(focus, QPushButton) and focus is not self.go:
                focus.click()
            else:
                self.submit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            event.ignore()

    def _ask(self) -> None:
        self._silence()
        self.questions, self._played = draw_questions(), False
        self.dark.show_digits(self.questions.dark)
        self.light.show_digits(self.questions.light)
        for entry in (self.count, self.dark_digits, self.light_digits):
            entry.clear()
        if self._wanted.sound:
            probe = Speaker(0.0)  # is there a device at all?
            self._say_sound("" if probe.open else f"{NO_OUTPUT} {PLUG_IN}")
            probe.close()
        (self.play if self._wanted.sound else self.dark_digits).setFocus()

    def _give(self, *, skipped: bool) -> None:
        self._silence()
        self._tries += 1
        width, height, tall_cm = self._picture
        heard = self.count.text()
        check = SittingCheck(
            sound=self._sound_state(),
            tones_played=self.questions.tones if self._played else 0,
            tones_heard=int(heard) if heard.isdecimal() else None,
            dark_steps=steps_read(self.questions.dark, self.dark_digits.text()),
            light_steps=steps_read(self.questions.light, self.light_digits.text()),
            picture_width=width,
            picture_height=height,
            picture_height_cm=tall_cm,
            skipped=skipped,
            tries=self._tries,
        )
        self.checked.emit(check)

    def _sound_state(self) -> SoundState:
        if not self._wanted.sound:
            return "not_asked"
        if self._played:
            return "passed" if self.count.text().strip() == str(self.questions.tones) else "failed"
        probe = Speaker(0.0)
        found: SoundState = "failed" if probe.open else "no_output"
        probe.close()
        return found

    def _say_sound(self, words: str, tone: str = "warning") -> None:
        set_tone(self.sound_note, tone if words else "")
        self.sound_note.setText(words)
        self.sound_note.setVisible(bool(words))

    def _push(self) -> None:
        if self.speaker is not None and self._tones is not None:
            self.speaker.push(self._tones)

    def _silence(self) -> None:
        self._timer.stop()
        self._end.stop()
        self._tones = None
        if self.speaker is not None:
            self.speaker.stop()

    def _close_speaker(self) -> None:
        speaker, self.speaker = self.speaker, None
        if speaker is not None:
            speaker.close()

    def _lay_out(self) -> None:
        card = Card(margins=SPACE_XL)
        card.setMinimumWidth(560)
        card.setMaximumWidth(760)
        card.body.setSpacing(SPACE_M)
        card.body.addWidget(label(tr("Sound and screen"), "display"))
        card.body.addWidget(
            label(
                tr("Before the first clip, check that you hear and see everything. It takes half a minute."), wrap=True
            )
        )
        self._sound = QWidget()
        line = row(self.play, label(tr("How many did you hear?")), self.count, None, spacing=SPACE_M)
        self._sound.setLayout(column(label(tr("Sound"), "section"), line, self.sound_note, spacing=SPACE_S))
        card.body.addWidget(self._sound)
        card.body.addWidget(label(tr("Screen"), "section"))
        words = tr(
            "Type the digits that you can see, from left to right. The first one is very faint: leave it out if you "
            "cannot read it."
        )
        card.body.addWidget(label(words, wrap=True))
        sides = row(spacing=SPACE_L)
        for field, entry, name in (
            (self.dark, self.dark_digits, tr("On black")),
            (self.light, self.light_digits, tr("On white")),
        ):
            sides.addLayout(column(field, row(label(name), entry, None, spacing=SPACE_M), spacing=SPACE_S), 1)
        card.body.addLayout(sides)
        card.body.addWidget(self.size_note)
        card.body.addWidget(self.verdict)
        card.body.addLayout(row(self.go, self.leave, None, self.skip, spacing=SPACE_M))
        middle = row(None, card, None)
        middle.setStretch(1, 3)
        self.setLayout(column(None, middle, None, margins=SPACE_L))
        in_tab_order(self.play, self.count, self.dark_digits, self.light_digits, self.go, self.leave, self.skip)


def _entry(name: str, digits: int) -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setMaxLength(digits)
    made.setFixedWidth(84)
    made.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
    return made
