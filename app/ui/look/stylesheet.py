"""The small style sheet over Fusion. Parts choose their look by the dynamic properties `kind` and `tone`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.ui.look import tokens
from app.ui.look.tokens import Tokens

_ASSETS: Final = Path(__file__).resolve().parent / "assets"


def style_sheet(t: Tokens, scale: float) -> str:
    """Return the application's style sheet.

    Args:
        t: The colours.
        scale: The user's text scale.
    """
    look = _Look(t, scale)
    parts = (_window, _panels, _buttons, _fields, _lists, _scrolling, _bars, _notices)
    return "\n".join(part(look, t) for part in parts)


@dataclass(frozen=True)
class _Look:
    """Sizes and drawings of one theme at one text scale."""

    tokens: Tokens
    scale: float

    def px(self, size: int) -> str:
        return f"{round(size * self.scale)}px"

    def art(self, name: str) -> str:
        return f"url({(_ASSETS / f'{name}-{self.tokens.name}.svg').as_posix()})"


def _window(look: _Look, t: Tokens) -> str:
    """Window, menus and tool tips."""
    return f"""
* {{ outline: none; }}
QMainWindow, QDialog {{ background: {t.window}; }}
QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.border_strong}; padding: 5px 8px;
  font-size: {look.px(tokens.TEXT_SMALL)}; }}
QMenuBar {{ background: {t.window}; padding: 2px 6px; }}
QMenuBar::item {{ padding: 5px 9px; border-radius: {tokens.RADIUS}px; color: {t.text_soft}; background: transparent; }}
QMenuBar::item:selected {{ background: {t.border}; color: {t.text}; }}
QMenu {{ background: {t.raised}; border: 1px solid {t.border_strong}; padding: 6px; }}
QMenu::item {{ padding: 6px 28px 6px 10px; border-radius: {tokens.RADIUS}px; }}
QMenu::icon {{ padding-left: 8px; }}
QMenu::item:selected {{ background: {t.accent_soft}; color: {t.text}; }}
QMenu::item:disabled {{ color: {t.text_faint}; }}
QMenu::separator {{ height: 1px; background: {t.border}; margin: 6px 4px; }}
"""


def _panels(look: _Look, t: Tokens) -> str:
    """Cards, lines and labels."""
    return f"""
QFrame[kind="card"] {{ background: {t.surface}; border: 1px solid {t.border}; border-radius: {tokens.RADIUS_CARD}px; }}
QFrame[kind="plain"] {{ background: transparent; border: none; }}
QFrame[kind="rail"] {{ background: {t.window}; border: none; }}
QFrame[kind="line"] {{ background: {t.border}; border: none; max-height: 1px; }}
QLabel {{ background: transparent; }}
QLabel[kind="caption"] {{ color: {t.text_faint}; font-size: {look.px(tokens.TEXT_CAPTION)}; }}
QLabel[kind="small"] {{ color: {t.text_soft}; font-size: {look.px(tokens.TEXT_SMALL)}; }}
QLabel[kind="soft"] {{ color: {t.text_soft}; }}
QLabel[kind="section"] {{ color: {t.text}; font-weight: 600; font-size: {look.px(tokens.TEXT_BODY)}; }}
QLabel[kind="title"] {{ color: {t.text}; font-weight: 600; font-size: {look.px(tokens.TEXT_TITLE)}; }}
QLabel[kind="heading"] {{ color: {t.text}; font-weight: 600; font-size: {look.px(tokens.TEXT_HEADING)}; }}
QLabel[kind="display"] {{ color: {t.text}; font-weight: 600; font-size: {look.px(tokens.TEXT_DISPLAY)}; }}
QLabel[tone="danger"] {{ color: {t.danger}; }}
QLabel[tone="warning"] {{ color: {t.warning}; }}
QLabel[tone="valence"] {{ color: {t.valence}; }}
QLabel[tone="arousal"] {{ color: {t.arousal}; }}
QLabel[kind="key"] {{ background: {t.sunken}; border: 1px solid {t.border_strong}; border-bottom-width: 2px;
  border-radius: 4px; padding: 1px 6px; color: {t.text}; font-size: {look.px(tokens.TEXT_SMALL)}; }}
QLabel[kind="chip"] {{ background: {t.sunken}; border: 1px solid {t.border}; border-radius: 9px; padding: 1px 8px;
  color: {t.text_soft}; font-size: {look.px(tokens.TEXT_CAPTION)}; }}
"""


def _buttons(look: _Look, t: Tokens) -> str:
    """Push and tool buttons."""
    return f"""
QPushButton {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.outline};
  border-radius: {tokens.RADIUS}px; padding: 6px 14px; font-weight: 500; }}
QPushButton:hover {{ background: {t.raised}; border-color: {t.text_faint}; }}
QPushButton:pressed {{ background: {t.sunken}; }}
QPushButton:focus {{ border: 2px solid {t.accent}; padding: 5px 13px; }}
QPushButton:disabled {{ color: {t.text_faint}; border-color: {t.border}; background: {t.sunken}; }}
QPushButton[kind="primary"] {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; }}
QPushButton[kind="primary"]:hover {{ background: {t.accent_hover}; border-color: {t.accent_hover}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {t.text}; }}
QPushButton[kind="primary"]:disabled {{ background: {t.border}; color: {t.text_faint}; border-color: {t.border}; }}
QPushButton[kind="danger"] {{ color: {t.danger}; border-color: {t.danger}; }}
QPushButton[kind="link"] {{ border: none; background: transparent; color: {t.accent}; padding: 4px 6px; }}
QPushButton[kind="link"]:hover {{ color: {t.accent_hover}; }}
QPushButton[kind="link"]:focus {{ background: {t.accent_soft}; border: 2px solid {t.accent}; padding: 2px 4px; }}
QToolButton {{ background: transparent; border: 1px solid transparent; border-radius: {tokens.RADIUS}px; padding: 4px;
  color: {t.text_soft}; }}
QToolButton:hover {{ background: {t.border}; color: {t.text}; }}
QToolButton:pressed {{ background: {t.border_strong}; }}
QToolButton:focus {{ border: 2px solid {t.accent}; padding: 3px; }}
QToolButton:checked {{ background: {t.accent_soft}; color: {t.accent}; }}
QToolButton:disabled {{ color: {t.text_faint}; background: transparent; }}
QToolButton::menu-indicator {{ image: none; width: 0; }}
QToolButton[kind="rail"] {{ border-radius: {tokens.RADIUS_CARD}px; padding: 7px 2px 5px 2px; color: {t.text_soft};
  font-size: {look.px(tokens.TEXT_CAPTION)}; font-weight: 500; }}
QToolButton[kind="rail"]:focus {{ padding: 6px 1px 4px 1px; }}
QToolButton[kind="rail"][dense="true"] {{ padding: 3px 2px 2px 2px; }}
QToolButton[kind="rail"][dense="true"]:focus {{ padding: 2px 1px 1px 1px; }}
QToolButton[kind="rail"]:checked {{ background: {t.accent_soft}; color: {t.accent}; }}
QToolButton[kind="field"] {{ background: {t.surface}; border: 1px solid {t.outline}; padding: 4px 8px;
  color: {t.text}; }}
QToolButton[kind="field"]:focus {{ border: 2px solid {t.accent}; padding: 3px 7px; }}
QToolButton[kind="field"]:hover {{ border-color: {t.text_faint}; }}
"""


def _fields(look: _Look, t: Tokens) -> str:
    """Return what is typed or chosen into."""
    return f"""
QLineEdit, QSpinBox, QDoubleSpinBox, QPlainTextEdit, QTextEdit, QTextBrowser {{ background: {t.surface};
  color: {t.text}; border: 1px solid {t.outline}; border-radius: {tokens.RADIUS}px; padding: 5px 8px;
  selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus {{
  border: 2px solid {t.accent}; padding: 4px 7px; }}
QLineEdit {{ placeholder-text-color: {t.text_faint}; }}
QTextBrowser[kind="page"] {{ border: none; background: transparent; padding: 0; }}
QComboBox {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.outline};
  border-radius: {tokens.RADIUS}px; padding: 4px 8px; }}
QComboBox:focus {{ border: 2px solid {t.accent}; padding: 3px 7px; }}
QComboBox:hover {{ border-color: {t.text_faint}; }}
QComboBox:disabled {{ color: {t.text_faint}; border-color: {t.border}; }}
QComboBox::drop-down {{ border: none; width: 22px; }}
QComboBox::down-arrow {{ image: {look.art("chevron-down")}; width: 12px; height: 12px; }}
QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::down-button {{
  border: none; background: transparent; width: 20px; }}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {{ image: {look.art("chevron-up")}; width: 10px; height: 10px; }}
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {{ image: {look.art("chevron-down")}; width: 10px; height: 10px; }}
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus {{ border: none; background: transparent;
  padding: 0 0 0 6px; }}
QCheckBox::indicator, QAbstractItemView::indicator {{ width: 16px; height: 16px; border: 1px solid {t.outline};
  border-radius: 4px; background: {t.surface}; }}
QCheckBox::indicator:hover, QAbstractItemView::indicator:hover {{ border-color: {t.text_faint}; }}
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {{ background: {t.accent};
  border-color: {t.accent}; image: {look.art("tick")}; }}
QCheckBox::indicator:disabled {{ border-color: {t.border_strong}; background: {t.sunken}; }}
QCheckBox::indicator:checked:disabled {{ background: {t.border_strong}; }}
QCheckBox:focus {{ color: {t.accent}; }}
QCheckBox::indicator:focus {{ border: 2px solid {t.accent}; }}
QCheckBox::indicator:checked:focus {{ border: 2px solid {t.text}; }}
QComboBox QAbstractItemView {{ background: {t.raised}; border: 1px solid {t.border_strong}; padding: 0;
  selection-background-color: {t.accent_soft}; selection-color: {t.text}; }}
"""


def _lists(look: _Look, t: Tokens) -> str:
    """Lists, tables and tabs."""
    return f"""
QListView, QTreeView, QTableView {{ background: transparent; border: 2px solid transparent;
  border-radius: {tokens.RADIUS}px; }}
QListView:focus, QTreeView:focus, QTableView:focus {{ border-color: {t.accent}; }}
QListView[kind="menu"]::item {{ padding: 7px 10px; border-radius: {tokens.RADIUS}px; }}
QListView[kind="menu"]::item:hover {{ background: {t.sunken}; }}
QListView[kind="menu"]::item:selected {{ background: {t.accent_soft}; color: {t.text}; }}
QHeaderView::section {{ background: {t.surface}; color: {t.text_soft}; border: none;
  border-bottom: 1px solid {t.border}; padding: 6px 8px; font-size: {look.px(tokens.TEXT_SMALL)}; }}
QHeaderView[kind="sorted"]::section {{ padding-right: 16px; }}
QTableView {{ gridline-color: {t.border}; selection-background-color: {t.accent_soft}; selection-color: {t.text}; }}
QTabBar::tab {{ background: transparent; color: {t.text_soft}; border: none; border-bottom: 2px solid transparent;
  padding: 7px 4px; margin-right: 10px; font-weight: 500; }}
QTabBar[kind="many"]::tab {{ margin-right: 3px; }}
QTabBar::tab:selected {{ color: {t.text}; border-bottom-color: {t.accent}; }}
QTabBar::tab:hover {{ color: {t.text}; }}
QTabBar::tab:focus {{ color: {t.accent}; background: {t.accent_soft}; border: 2px solid {t.accent};
  padding: 5px 2px 7px 2px; }}
QTabWidget::pane {{ border: none; }}
"""


def _scrolling(look: _Look, t: Tokens) -> str:
    """Scroll bars."""
    return f"""
QScrollArea {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 2px; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 2px; }}
QScrollBar::handle {{ background: {t.outline}; border-radius: 3px; min-height: 28px; min-width: 28px; }}
QScrollBar::handle:hover {{ background: {t.text_faint}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def _bars(look: _Look, t: Tokens) -> str:
    """Splitters, status, progress and sliders."""
    return f"""
QSplitter::handle {{ background: transparent; }}
QSplitter::handle:hover {{ background: {t.accent_soft}; }}
QStatusBar {{ background: {t.window}; color: {t.text_soft}; font-size: {look.px(tokens.TEXT_SMALL)}; }}
QStatusBar::item {{ border: none; }}
QProgressBar {{ background: {t.border}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}
QCheckBox {{ spacing: 8px; }}
QSlider::groove:horizontal {{ height: 4px; background: {t.outline}; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {t.accent}; border-radius: 2px; }}
QSlider:focus::handle:horizontal {{ background: {t.accent}; }}
QSlider::handle:horizontal {{ background: {t.surface}; border: 2px solid {t.accent}; width: 10px; height: 10px;
  margin: -5px 0; border-radius: 7px; }}
"""


def _notices(look: _Look, t: Tokens) -> str:
    """Banners and the palette."""
    return f"""
QFrame[kind="banner"] {{ background: {t.danger_soft}; border: 1px solid {t.danger};
  border-radius: {tokens.RADIUS_CARD}px; }}
QFrame[kind="notice"] {{ background: {t.warning_soft}; border: 1px solid {t.warning};
  border-radius: {tokens.RADIUS_CARD}px; }}
QFrame[kind="passing"] {{ background: {t.raised}; border: 2px solid {t.ok};
  border-radius: {tokens.RADIUS_CARD}px; }}
QFrame[kind="recording"] {{ background: {t.danger_soft}; border: 1px solid {t.danger};
  border-radius: {tokens.RADIUS_CARD}px; }}
QFrame[kind="palette"] {{ background: {t.raised}; border: 1px solid {t.border_strong};
  border-radius: {tokens.RADIUS_CARD}px; }}
"""
