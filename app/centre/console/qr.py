"""A QR code as a drawing (SVG) of whole modules, for a route of its own: nothing inline, nothing in an address."""

from typing import Any, Final

_QUIET: Final = 4


def svg(data: str) -> bytes:
    """The code (level M) with its quiet zone, black on white."""
    import zxingcpp

    code = zxingcpp.create_barcode(data, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image: Any = code.to_image(scale=1, add_quiet_zones=False)
    rows: Any = memoryview(image).tolist()
    bars = []
    for down, row in enumerate(rows):
        start = None
        for across, light in enumerate([*row, 255]):
            if not light and start is None:
                start = across
            elif light and start is not None:
                bars.append(f"M{start + _QUIET} {down + _QUIET}h{across - start}v1h{start - across}z")
                start = None
    side = len(rows) + 2 * _QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{"".join(bars)}" fill="#000"/></svg>'
    ).encode()
