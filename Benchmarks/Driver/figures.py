"""What is measured: one figure, the reference it is compared with, and the bar it has to clear."""

from dataclasses import dataclass


class Failed(Exception):
    """A measurement that could not be made; the text says why and what to do."""


@dataclass
class Figure:
    """One line of the output and one entry of results.json.

    `reference` names what the figure is compared with in the same run, and `ratio` is the figure over the
    reference's. A figure without a `bar` is for information and holds.
    """

    area: str
    name: str
    figure: float | None
    unit: str
    reference: str | None = None
    ratio: float | None = None
    bar: str | None = None
    holds: bool = True

    def entry(self):
        rounded = {key: round(value, 4) if isinstance(value, float) else value for key, value in vars(self).items()}
        return {key: rounded[key] for key in ("area", "name", "figure", "unit", "reference", "ratio", "bar", "holds")}

    def line(self):
        parts = [f"{self.area:12}{self.name}:"]
        if self.figure is not None:
            parts.append(f"{number(self.figure)} {self.unit}")
        if self.ratio is not None:
            parts.append(f"= {self.ratio:.2f} x {self.reference}")
        if self.bar:
            parts.append(f"[{'holds' if self.holds else 'DOES NOT HOLD'}: {self.bar}]")
        return " ".join(parts)


def number(value):
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}" if value < 10 else f"{value:.1f}"
