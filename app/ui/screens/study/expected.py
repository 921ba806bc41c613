"""Two fields for the expected range of one emotion or of one dimension of a trace."""

from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QSpinBox

from app.domain.bands import HIGHEST, LOWEST
from app.domain.study import Scale
from app.ui.look.language import tr
from app.ui.parts.widgets.fields import roomy

ANY: Final = "any"
STEP: Final = 0.05
N = TypeVar("N", int, float)


class Expected(Generic[N]):
    """The lowest and the highest expected value; one step below the lowest stands for any.

    Args:
        name: Name of the emotion or dimension, for screen readers.
        boxes: Fields of the lowest and of the highest value.
        ends: Lowest and highest possible value.
        step: Distance from one value to the next.

    Attributes:
        changed: Called after a change.
    """

    def __init__(self, name: str, boxes: tuple[Any, Any], ends: tuple[N, N], step: N) -> None:
        self.changed: Callable[[], None] = lambda: None
        self._ends: tuple[N, N] = ends
        self._none: N = ends[0] - step
        self.low, self.high = boxes
        self.words, self.between = QLabel(name), QLabel(tr("to"))
        for box, which in ((self.low, tr("at least")), (self.high, tr("at most"))):
            roomy(box)
            box.setSingleStep(step)
            box.setRange(self._none, ends[1])
            box.setSpecialValueText(ANY)
            box.setKeyboardTracking(False)  # the first digit of 55 is not an answer
            box.setMinimumWidth(76)
            box.setAccessibleName(f"{name}: {which}")
            box.setToolTip(tr("{name}: {which}; below {ends} means any", name=name, which=which, ends=f"{ends[0]:g}"))
        self.low.valueChanged.connect(self._on_low)
        self.high.valueChanged.connect(self._on_high)

    def set_span(self, span: tuple[N, N] | None) -> None:
        """Show a range; None for any."""
        for box, value in zip((self.low, self.high), span or (self._none, self._none), strict=True):
            box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(False)

    def span(self) -> tuple[N, N] | None:
        """The (lowest, highest) expected value; None for any."""
        low, high = self._value(self.low), self._value(self.high)
        return None if low < self._ends[0] else (low, high)

    def _value(self, box: Any) -> N:
        value: N = box.value()
        return value

    def _on_low(self) -> None:
        low, high = self._value(self.low), self._value(self.high)
        first, last = self._ends
        self.set_span(None if low < first else (low, last if high < first else max(low, high)))
        self.changed()

    def _on_high(self) -> None:
        low, high = self._value(self.low), self._value(self.high)
        first = self._ends[0]
        self.set_span(None if high < first else (first if low < first else min(low, high), high))
        self.changed()


class ExpectedRange(Expected[int]):
    """The ratings of one emotion that count as expected."""

    def __init__(self, name: str, scale: Scale, on_change: Callable[[], None]) -> None:
        super().__init__(name, (QSpinBox(), QSpinBox()), (scale.low, scale.high), 1)
        self.changed = on_change


class ExpectedBand(Expected[float]):
    """The mean of one dimension of a trace that counts as expected."""

    def __init__(self, name: str, on_change: Callable[[], None]) -> None:
        boxes = QDoubleSpinBox(), QDoubleSpinBox()
        for box in boxes:
            box.setDecimals(2)
        super().__init__(name, boxes, (LOWEST, HIGHEST), STEP)
        self.changed = on_change

    def _value(self, box: QDoubleSpinBox) -> float:
        return round(box.value(), 2)
