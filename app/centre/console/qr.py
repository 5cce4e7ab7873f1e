"""A QR code as a drawing (SVG) of whole modules, for a route of its own: nothing inline, nothing in an address."""

from app.crypto.qr import QUIET, dark_runs


def svg(data: str) -> bytes:
    """The code (level M) with its quiet zone, black on white."""
    modules, runs = dark_runs(data)
    bars = "".join(f"M{across + QUIET} {down + QUIET}h{long}v1h{-long}z" for across, down, long in runs)
    side = modules + 2 * QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{bars}" fill="#000"/></svg>'
    ).encode()
