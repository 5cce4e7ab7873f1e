"""The one style sheet, written from the tokens of `ui.theme`.

Roles of a QLabel: `title`, `heading`, `section`, `label` (above a field), `hint`, `error`, `warning`, `number`.
Kinds of a QPushButton or QToolButton: `primary`, `quiet`, `danger`, `chip` (checkable); none is the secondary.
Roles of a QFrame: `panel` (surface with a thin border), `bar` (header, status), `banner` with a `tone` of `info`,
`warning` or `danger`. A field with `invalid=true` has the danger's border, with the focus its ground.
"""

# ruff: noqa: E501 - one rule a line reads best

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app import paths

if TYPE_CHECKING:
    from ui.theme import Colours


def style_sheet(c: Colours, points: Callable[[str], float]) -> str:
    """QSS for the whole application in colours `c`; `points` gives the type sizes."""
    arrow = paths.resource("icons", "chevron-down-neutral.svg").as_posix()
    tick = paths.resource("icons", f"check-on-{'light' if c.on_accent == '#ffffff' else 'dark'}.svg").as_posix()
    side = round(points("body") * 1.45)
    return f"""
QWidget {{ color: {c.text}; }}
QMainWindow, QDialog {{ background: {c.window}; }}
QLabel {{ background: transparent; }}
QLabel[reads="true"] {{ border: none; border-bottom: 2px solid transparent; padding-bottom: 1px; }}
QLabel[reads="true"]:focus {{ border-bottom-color: {c.accent}; }}
QLabel[role="title"] {{ font-size: {points("title")}pt; font-weight: bold; }}
QLabel[role="heading"] {{ font-size: {points("heading")}pt; font-weight: bold; }}
QLabel[role="section"] {{ font-size: {points("section")}pt; font-weight: bold; }}
QLabel[role="label"] {{ font-weight: bold; }}
QLabel[role="hint"] {{ color: {c.muted}; }}
QLabel[role="error"] {{ color: {c.danger}; font-weight: bold; }}
QLabel[role="warning"] {{ color: {c.warning}; }}
QLabel[role="code"] {{ font-size: {points("heading")}pt; font-weight: bold; letter-spacing: 1px; }}

QFrame[role="panel"] {{ background: {c.surface}; border: 1px solid {c.line}; border-radius: 4px; }}
QFrame[role="bar"] {{ background: {c.surface}; border: none; }}
QFrame[role="header"] {{ background: {c.surface}; border: none; border-bottom: 1px solid {c.line}; }}
QFrame[role="status"] {{ background: {c.surface}; border: none; border-top: 1px solid {c.line}; }}
QFrame[role="rule"] {{ background: {c.line}; border: none; max-height: 1px; min-height: 1px; }}
QFrame[role="banner"] {{ background: {c.accent_soft}; border: 1px solid {c.accent}; border-radius: 4px; }}
QFrame[role="banner"][tone="warning"] {{ background: {c.warning_soft}; border-color: {c.warning}; }}
QFrame[role="banner"][tone="danger"] {{ background: {c.danger_soft}; border-color: {c.danger}; }}

QFrame[role="training"] {{ background: {c.danger}; border: none; }}
QFrame[role="training"] QLabel, QFrame[role="training"] QPushButton {{ color: {c.on_danger}; font-weight: bold; }}
QFrame[role="training"] QPushButton {{ background: {c.danger}; border: 1px solid {c.on_danger}; padding: 1px 10px; }}
QFrame[role="training"] QPushButton:focus {{ border: 3px solid {c.on_danger}; padding: 0 8px; }}

QPushButton, QToolButton {{ background: {c.surface}; color: {c.text}; border: 1px solid {c.edge}; border-radius: 4px; padding: 6px 14px; }}
QToolButton {{ padding: 5px 8px; }}
QPushButton:hover, QToolButton:hover {{ background: {c.sunken}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {c.accent_soft}; }}
QPushButton:checked {{ background: {c.accent_soft}; color: {c.accent_strong}; border-color: {c.accent}; }}
QPushButton:focus, QToolButton:focus {{ border: 2px solid {c.accent}; padding: 5px 13px; }}
QToolButton:focus {{ padding: 4px 7px; }}
QPushButton:disabled, QToolButton:disabled {{ color: {c.edge}; border-color: {c.line}; background: {c.window}; }}
QPushButton[kind="primary"] {{ background: {c.accent}; color: {c.on_accent}; border: 1px solid {c.accent}; font-weight: bold; }}
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed {{ background: {c.accent_strong}; border-color: {c.accent_strong}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {c.text}; }}
QPushButton[kind="primary"]:disabled {{ background: {c.sunken}; color: {c.muted}; border-color: {c.line}; }}
QPushButton[kind="danger"] {{ background: {c.surface}; color: {c.danger}; border: 1px solid {c.danger}; font-weight: bold; }}
QPushButton[kind="danger"]:disabled {{ background: {c.window}; color: {c.edge}; border-color: {c.line}; }}
QPushButton[kind="danger"]:hover {{ background: {c.danger_soft}; }}
QPushButton[kind="danger"]:focus {{ border: 2px solid {c.danger}; }}
QPushButton[kind="quiet"], QToolButton[kind="quiet"] {{ background: transparent; border: 1px solid transparent; color: {c.text}; padding: 5px 8px; }}
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover {{ background: {c.sunken}; }}
QPushButton[kind="quiet"]:focus, QToolButton[kind="quiet"]:focus {{ border: 2px solid {c.accent}; padding: 4px 7px; }}
QPushButton[kind="quiet"]:checked, QToolButton[kind="quiet"]:checked {{ background: {c.accent_soft}; color: {c.accent_strong}; border: 1px solid {c.accent}; font-weight: bold; }}
QPushButton[kind="quiet"]:checked:focus {{ border: 2px solid {c.accent}; }}
QPushButton[kind="quiet"]:disabled {{ color: {c.edge}; background: transparent; }}
QPushButton[kind="link"] {{ background: transparent; border: 1px solid transparent; color: {c.accent}; padding: 3px 4px; text-align: left; text-decoration: underline; }}
QPushButton[kind="link"]:hover {{ color: {c.accent_strong}; }}
QPushButton[kind="link"]:focus {{ border: 2px solid {c.accent}; padding: 2px 3px; }}
QPushButton[kind="chip"] {{ background: {c.surface}; border: 1px solid {c.edge}; border-radius: 12px; padding: 3px 12px; }}
QPushButton[kind="chip"]:hover {{ background: {c.sunken}; }}
QPushButton[kind="chip"]:checked {{ background: {c.accent_soft}; border: 1px solid {c.accent}; color: {c.accent_strong}; font-weight: bold; }}
QPushButton[kind="chip"]:focus {{ border: 2px solid {c.accent}; padding: 2px 11px; }}

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QDateEdit, QComboBox {{
  background: {c.surface}; color: {c.text}; border: 1px solid {c.edge}; border-radius: 4px; padding: 5px 8px;
  selection-background-color: {c.accent}; selection-color: {c.on_accent}; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QDateEdit:focus, QComboBox:focus {{
  border: 2px solid {c.accent}; padding: 4px 7px; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QSpinBox:disabled, QComboBox:disabled, QLineEdit:read-only {{ background: {c.window}; color: {c.muted}; border-color: {c.line}; }}
QLineEdit[invalid="true"], QPlainTextEdit[invalid="true"], QComboBox[invalid="true"] {{ border: 2px solid {c.danger}; padding: 4px 7px; }}
QLineEdit[invalid="true"]:focus, QPlainTextEdit[invalid="true"]:focus, QComboBox[invalid="true"]:focus {{ border-color: {c.accent}; background: {c.danger_soft}; }}
QComboBox::drop-down {{ border: none; width: 24px; }}
QComboBox::down-arrow {{ image: url("{arrow}"); width: 14px; height: 14px; }}
QComboBox QAbstractItemView {{ background: {c.surface}; border: 1px solid {c.edge}; outline: none; selection-background-color: {c.accent}; selection-color: {c.on_accent}; }}

QCheckBox, QRadioButton {{ background: transparent; border: 2px solid transparent; border-radius: 4px; padding: 2px 4px; spacing: 8px; }}
QCheckBox:focus, QRadioButton:focus {{ border-color: {c.accent}; }}
QCheckBox::indicator, QRadioButton::indicator {{ width: {side}px; height: {side}px; border: 1px solid {c.edge}; background: {c.surface}; }}
QCheckBox::indicator {{ border-radius: 3px; }}
QRadioButton::indicator {{ border-radius: {side // 2 + 1}px; }}
QCheckBox::indicator:hover, QRadioButton::indicator:hover {{ border-color: {c.accent}; }}
QCheckBox::indicator:checked {{ background: {c.accent}; border-color: {c.accent}; image: url("{tick}"); }}
QRadioButton::indicator:checked {{ border-color: {c.accent};
  background: qradialgradient(cx:0.5, cy:0.5, radius:0.5, fx:0.5, fy:0.5, stop:0 {c.accent}, stop:0.52 {c.accent}, stop:0.6 {c.surface}, stop:1 {c.surface}); }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ border-color: {c.line}; background: {c.window}; }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {c.edge}; }}

QAbstractItemView {{ background: {c.surface}; alternate-background-color: {c.window}; border: 1px solid {c.line}; border-radius: 4px; padding: 1px;
  selection-background-color: {c.accent_soft}; selection-color: {c.text}; gridline-color: {c.line}; outline: none; }}
QAbstractItemView:focus {{ border: 2px solid {c.accent}; padding: 0px; }}
QTableView::item, QListView::item, QTreeView::item {{ padding: 4px 8px; border: none; }}
QTableView::item:selected, QListView::item:selected, QTreeView::item:selected {{ background: {c.accent_soft}; color: {c.text}; }}
QHeaderView {{ background: {c.surface}; border: none; }}
QHeaderView::section {{ background: {c.surface}; color: {c.muted}; border: none; border-bottom: 1px solid {c.line}; padding: 6px 8px; font-weight: bold; }}
QTableCornerButton::section {{ background: {c.surface}; border: none; }}

QScrollArea {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}
QScrollArea:focus {{ border: 2px solid {c.accent}; border-radius: 4px; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {c.edge}; border-radius: 4px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {c.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}

QProgressBar {{ background: {c.sunken}; border: 1px solid {c.line}; border-radius: 4px; text-align: center; min-height: 6px; }}
QProgressBar::chunk {{ background: {c.accent}; border-radius: 3px; }}
QProgressBar[tone="warning"]::chunk {{ background: {c.warning}; }}
QProgressBar[tone="danger"]::chunk {{ background: {c.danger}; }}
QToolTip {{ background: {c.text}; color: {c.surface}; border: none; padding: 4px 8px; }}
QTabBar::tab {{ background: transparent; color: {c.muted}; border: none; border-bottom: 3px solid transparent; padding: 6px 14px; }}
QTabBar::tab:selected {{ color: {c.text}; border-bottom-color: {c.accent}; font-weight: bold; }}
QTabBar::tab:focus {{ color: {c.accent_strong}; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {c.line}; }}
QSplitter::handle {{ background: {c.line}; }}
QMenu {{ background: {c.surface}; border: 1px solid {c.edge}; padding: 4px; }}
QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {c.accent_soft}; color: {c.text}; }}
QGroupBox {{ border: 1px solid {c.line}; border-radius: 4px; margin-top: 12px; padding-top: 8px; }}
QGroupBox::title {{ subcontrol-origin: margin; left: 8px; font-weight: bold; }}
"""
