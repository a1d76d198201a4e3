"""Draws a run's log as an SVG: python3 loss_curve.py --log WORK/base/log.jsonl --out ../models/loss.svg

Of pre-training: nats a token over millions of tokens, the training loss (mean of 50 steps, the whole mixture)
and the loss on the validation stories. Of fine-tuning: accuracy on dev texts over steps.
"""

import argparse
import json

from line_chart import Line, line_chart


def read_log(path):
    """Entries in order of steps; where a run was taken up again from an earlier step, the later entry holds."""
    entries = []
    with open(path) as file:
        for line in file:
            entry = json.loads(line)
            entries = [old for old in entries if old["step"] <= entry["step"]]
            entries.append(entry)
    return entries


def losses(entries):
    train = [(entry["tokens"] / 1e6, entry["loss"]) for entry in entries if "loss" in entry]
    valid = [(entry["tokens"] / 1e6, entry["valid"]["nats"]) for entry in entries if "valid" in entry]
    bits = [entry for entry in entries if "valid" in entry][-1]["valid"]["bitsPerByte"]
    lines = [Line(train, [f"training {train[-1][1]:.2f}"], "first"),
             Line(valid, [f"validation {valid[-1][1]:.2f}", f"({bits:.3f} bits a byte)"], "second")]
    title = f"Loss in nats a token: training ends at {train[-1][1]:.2f}, validation at {valid[-1][1]:.2f}"
    low = int(min(y for _, y in train + valid) * 2) / 2
    return line_chart(lines, title, "million tokens seen", "nats a token", low, 5.5)


def accuracies(entries):
    measured = [entry for entry in entries if "dev" in entry]
    lines = []
    imdb = next(name for name in measured[0]["dev"] if name.startswith("imdb"))  # imdb300: 300 of those held out
    for name, label, kind in (("sst2", "SST-2 dev", "second"), (imdb, f"IMDB, {imdb[4:]} held out", "first")):
        points = [(entry["step"] / 1000, 100 * entry["dev"][name]) for entry in measured]
        lines.append(Line(points, [label, f"{points[-1][1]:.1f} %"], kind))
    title = "Accuracy in per cent: " + ", ".join(" ".join(line.labels) for line in lines)
    low = int(min(y for line in lines for _, y in line.points)) - 1
    high = int(max(y for line in lines for _, y in line.points)) + 1
    return line_chart(lines, title, "thousand steps", "per cent right", low, high)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--log", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    entries = read_log(options.log)
    with open(options.out, "w") as file:
        file.write((accuracies if any("dev" in entry for entry in entries) else losses)(entries))


if __name__ == "__main__":
    main()
