"""A line chart as an SVG whose colours follow the reader's light or dark scheme."""

from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 380, 56, 150, 28, 48


@dataclass
class Line:
    points: list  # (x, y), x ascending
    labels: list  # written at its end, one under the other
    kind: str  # "first" or "second", the colour


def ticks(low, high, count=6):
    step = 100.0
    for candidate in (0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 20, 50):
        if (high - low) / candidate <= count:
            step = candidate
            break
    value = step * -(-low // step)
    while value <= high + 1e-9:
        yield value
        value += step


def line_chart(lines, title, x_label, y_label, low, high):
    """The SVG's text. What lies above `high` is drawn at it."""
    end = max(x for line in lines for x, _ in line.points)

    def x_at(x):
        return LEFT + (WIDTH - LEFT - RIGHT) * x / end

    def y_at(y):
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - min(y, high)) / (high - low)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="title">',
        f'<title id="title">{title}</title>',
        "<style>text{font:13px sans-serif;fill:#333}line{stroke:#ccc}polyline{fill:none;stroke-width:2}"
        ".first{stroke:#7a9cc6}.second{stroke:#c0392b}text.first{fill:#4a6fa0;stroke:none}text.second{fill:#c0392b;stroke:none}"
        "@media(prefers-color-scheme:dark){text{fill:#ddd}line{stroke:#444}text.first{fill:#7a9cc6}"
        ".second{stroke:#ff8a7a}text.second{fill:#ff8a7a}}</style>",
        f'<text x="{LEFT}" y="16">{y_label}</text>',
        f'<text x="{x_at(end / 2):.0f}" y="{HEIGHT - 8}" text-anchor="middle">{x_label}</text>',
    ]
    for y in ticks(low, high):
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y_at(y):.1f}" y2="{y_at(y):.1f}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y_at(y) + 4:.1f}" text-anchor="end">{y:g}</text>')
    for x in ticks(0, end):
        parts.append(f'<text x="{x_at(x):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{x:g}</text>')
    for line in lines:
        path = " ".join(f"{x_at(x):.1f},{y_at(y):.1f}" for x, y in line.points)
        parts.append(f'<polyline class="{line.kind}" points="{path}"/>')
        for index, label in enumerate(line.labels):
            y = y_at(line.points[-1][1]) + 4 + 17 * index
            parts.append(f'<text class="{line.kind}" x="{x_at(end) + 6:.0f}" y="{y:.1f}">{label}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"
