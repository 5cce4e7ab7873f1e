"""Signing in, the locked screen and the way back by the recovery sheet."""

from ui.screens.sign_in.lock import LockScreen
from ui.screens.sign_in.recover import RecoverScreen
from ui.screens.sign_in.screen import SignInScreen

__all__ = ["LockScreen", "RecoverScreen", "SignInScreen"]
