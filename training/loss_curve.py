"""Draws a run's log as an SVG: python3 loss_curve.py --log WORK/base/log.jsonl --out ../models/loss.svg

Nats a token over millions of tokens: the training loss (mean of 50 steps, the whole mixture) and the
loss on the validation stories. Colours follow the reader's light or dark scheme.
"""

import argparse
import json

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 380, 56, 150, 28, 48


def read_log(path):
    """Entries in order of steps; where a run was taken up again from an earlier step, the later entry holds."""
    entries = []
    with open(path) as file:
        for line in file:
            entry = json.loads(line)
            entries = [old for old in entries if old["step"] <= entry["step"]]
            entries.append(entry)
    return entries


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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--log", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    entries = read_log(options.log)
    train = [(entry["tokens"] / 1e6, entry["loss"]) for entry in entries if "loss" in entry]
    valid = [(entry["tokens"] / 1e6, entry["valid"]["nats"]) for entry in entries if "valid" in entry]
    last = [entry for entry in entries if "valid" in entry][-1]
    end = max(x for x, _ in train + valid)
    low = int(min(y for _, y in train + valid) * 2) / 2
    high = 5.5

    def x_at(x):
        return LEFT + (WIDTH - LEFT - RIGHT) * x / end

    def y_at(y):
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - min(y, high)) / (high - low)

    def line(points, kind):
        path = " ".join(f"{x_at(x):.1f},{y_at(y):.1f}" for x, y in points)
        return f'<polyline class="{kind}" points="{path}"/>'

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="title">',
        f'<title id="title">Loss in nats a token: training ends at {train[-1][1]:.2f}, validation at {valid[-1][1]:.2f}</title>',
        "<style>text{font:13px sans-serif;fill:#333}line{stroke:#ccc}polyline{fill:none;stroke-width:2}"
        ".train{stroke:#7a9cc6}.valid{stroke:#c0392b}text.train{fill:#4a6fa0;stroke:none}text.valid{fill:#c0392b;stroke:none}"
        "@media(prefers-color-scheme:dark){text{fill:#ddd}line{stroke:#444}text.train{fill:#7a9cc6}"
        ".valid{stroke:#ff8a7a}text.valid{fill:#ff8a7a}}</style>",
        f'<text x="{LEFT}" y="16">nats a token</text>',
        f'<text x="{x_at(end / 2):.0f}" y="{HEIGHT - 8}" text-anchor="middle">million tokens seen</text>',
    ]
    for y in ticks(low, high):
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y_at(y):.1f}" y2="{y_at(y):.1f}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y_at(y) + 4:.1f}" text-anchor="end">{y:g}</text>')
    for x in ticks(0, end):
        parts.append(f'<text x="{x_at(x):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{x:g}</text>')
    parts += [line(train, "train"), line(valid, "valid")]
    label = x_at(end) + 6
    parts.append(f'<text class="train" x="{label:.0f}" y="{y_at(train[-1][1]) + 4:.1f}">training {train[-1][1]:.2f}</text>')
    parts.append(f'<text class="valid" x="{label:.0f}" y="{y_at(valid[-1][1]) + 4:.1f}">validation {valid[-1][1]:.2f}</text>')
    bits = last["valid"]["bitsPerByte"]
    parts.append(f'<text class="valid" x="{label:.0f}" y="{y_at(valid[-1][1]) + 21:.1f}">({bits:.3f} bits a byte)</text>')
    parts.append("</svg>")
    with open(options.out, "w") as file:
        file.write("\n".join(parts) + "\n")


if __name__ == "__main__":
    main()
