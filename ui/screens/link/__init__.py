"""The room of the link: what waits on this laptop, what the centre holds, what came back."""

from ui.screens.link.screen import LinkScreen

make = LinkScreen

__all__ = ["LinkScreen", "make"]
