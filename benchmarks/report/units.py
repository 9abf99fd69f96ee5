"""Numbers as people read them."""

from __future__ import annotations

from collections.abc import Sequence

_SECONDS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))
_BYTES = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1.0, "B"))


def quantity(value: float, unit: str) -> str:
    """A time in seconds or a number of bytes, with three significant digits.

    >>> quantity(0.00012345, "s"), quantity(2_000_000, "bytes")
    ('123 µs', '2.00 MB')
    """
    scale, name = _scale(value, unit)
    return f"{significant(value / scale)} {name}"


def quantity_with_spread(value: float, spread: Sequence[float], unit: str) -> str:
    """A quantity and the range, in the same unit, that half of the measurements lie in.

    >>> quantity_with_spread(0.002, (0.0019, 0.0022), "s")
    '2.00 ms (1.90–2.20)'
    """
    scale, name = _scale(value, unit)
    low, high = (significant(bound / scale) for bound in spread)
    return f"{significant(value / scale)} {name} ({low}–{high})"


def significant(value: float) -> str:
    """Three significant digits, and all those before the point.

    >>> significant(1.2345), significant(98.765), significant(12345.6)
    ('1.23', '98.8', '12,346')
    """
    if abs(value) >= 99.95:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 9.995 else f"{value:.2f}"


def _scale(value: float, unit: str) -> tuple[float, str]:
    scales = _SECONDS if unit == "s" else _BYTES
    return next((scale for scale in scales if abs(value) >= scale[0]), scales[-1])
