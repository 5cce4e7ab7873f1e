"""The few rules that only the case window needs, in the palette's roles so that they follow the theme."""

RULES = """
QPushButton[kind="option"], QPushButton[kind="unanswered"] {
  background: palette(base); color: palette(text); border: 1px solid palette(dark); border-radius: 4px;
  padding: 6px 12px; text-align: center; }
QPushButton[kind="option"]:hover, QPushButton[kind="unanswered"]:hover { background: palette(midlight); }
QPushButton[kind="option"]:checked {
  background: palette(highlight); color: palette(highlighted-text); border: 1px solid palette(highlight);
  font-weight: bold; }
QPushButton[kind="option"]:focus { border: 2px solid palette(highlight); padding: 5px 11px; }
QPushButton[kind="option"]:checked:focus { border: 3px double palette(base); padding: 4px 10px; }
QPushButton[kind="option"]:disabled { color: palette(dark); border-color: palette(mid); background: palette(window); }
QPushButton[kind="option"]:checked:disabled {
  background: palette(midlight); color: palette(text); border: 2px solid palette(dark); }
QPushButton[kind="unanswered"] {
  border: 1px solid transparent; color: palette(placeholder-text); background: transparent; }
QPushButton[kind="unanswered"]:checked {
  border: 2px dashed palette(dark); color: palette(text); background: transparent; padding: 5px 11px; }
QPushButton[kind="unanswered"]:focus { border: 2px dashed palette(highlight); padding: 5px 11px; }
QPushButton[kind="step"] {
  background: transparent; border: 2px solid transparent; border-left: 4px solid transparent; border-radius: 0;
  text-align: left; padding: 2px 8px; }
QPushButton[kind="step"]:hover { background: palette(midlight); }
QPushButton[kind="step"]:checked {
  background: palette(midlight); border-left: 4px solid palette(highlight); font-weight: bold; }
QPushButton[kind="step"]:focus { border: 2px solid palette(highlight); border-left: 4px solid palette(highlight); }
QPushButton[kind="jump"] {
  background: palette(base); border: 1px solid palette(mid); border-radius: 4px; padding: 4px 8px;
  text-align: left; color: palette(link); }
QPushButton[kind="jump"]:hover { background: palette(midlight); }
QPushButton[kind="jump"]:focus { border: 2px solid palette(highlight); padding: 3px 7px; }
QFrame[role="question"] { border: none; border-bottom: 1px solid palette(mid); }
"""
