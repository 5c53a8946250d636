"""A small bar of what was attained, as inline SVG: how far it reaches, and where the target stands."""

from __future__ import annotations

from fractions import Fraction

from ...amounts import percent, plain, round_to

WIDTH, HEIGHT, BAR = 320, 34, 12
_MOST = Fraction(4)
"""Beyond 400 % a bar says no more; the figure beside it does."""

REACHED, SHORT_OF, TRACK, TARGET, INK = "#2f6b4f", "#b7791f", "#e6eae7", "#1d2421", "#5d6862"


def chart(attained: Fraction, targeted: bool, name: str) -> str:
    """``attained`` is a part of the target; or where nothing is ``targeted``, of the whole. ``name`` is for those who
    do not see it, and escaped already.
    """
    shown = min(max(attained, Fraction(0)), _MOST)
    most = max(Fraction(5, 4) if targeted else Fraction(1), -(-shown * 4 // 1) / Fraction(4))
    colour = SHORT_OF if targeted and attained < 1 else REACHED
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="{name}">',
        f'<rect x="0" y="4" width="{WIDTH}" height="{BAR}" rx="3" fill="{TRACK}"/>',
    ]
    if shown:
        parts.append(f'<rect x="0" y="4" width="{_at(shown, most)}" height="{BAR}" rx="3" fill="{colour}"/>')
    if targeted:
        at = _at(Fraction(1), most)
        parts.append(f'<path d="M{at} 0V20" stroke="{TARGET}" stroke-width="2"/>')
    ticks = [Fraction(0), Fraction(1, 2), Fraction(1)] + ([most] if most >= Fraction(3, 2) else [])
    for tick in ticks:
        anchor = "start" if tick == 0 else "end" if tick == most else "middle"
        parts.append(
            f'<text x="{_at(tick, most)}" y="31" font-size="9.5" text-anchor="{anchor}" fill="{INK}">'
            f"{percent(tick)}</text>"
        )
    return "".join(parts) + "</svg>"


def _at(value: Fraction, most: Fraction) -> str:
    return plain(round_to(value / most * WIDTH, 1))
