"""Compares reference.py with what the hub's own code computed: python3 check_reference.py [--data DIR]"""

import argparse
import glob
import json
import os
import sys

import numpy as np
import torch

from corpora import DEFAULT_DATA
from reference import classify, greedy, hidden, load_checkpoint, logits

TOLERANCE = 1e-4


def check(folder):
    """The largest difference, and whether greedy tokens (where recorded) are the same."""
    checkpoint = load_checkpoint(folder)
    with open(os.path.join(folder, "expected.json")) as file:
        expected = json.load(file)
    if "rows" in expected:
        differences = [
            (classify(checkpoint, row["ids"]) - torch.tensor(row["logits"])).abs().max().item()
            for row in expected["rows"]
        ]
        return max(differences), True
    wanted = np.fromfile(os.path.join(folder, "logits.f32"), dtype="<f4").reshape(expected["shape"])
    difference = np.abs(logits(checkpoint, expected["ids"]).numpy() - wanted).max()
    last = hidden(checkpoint, expected["ids"])[-1]
    difference = max(difference, (last - torch.tensor(expected["hidden_last_last"])).abs().max().item())
    tokens, _ = greedy(checkpoint, expected["greedy_prompt"], len(expected["greedy"]))
    return difference, tokens == expected["greedy"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=DEFAULT_DATA)
    options = parser.parse_args()
    failed = 0
    for folder in sorted(glob.glob(os.path.join(options.data, "golden", "hub", "*", ""))):
        difference, same = check(folder)
        good = difference <= TOLERANCE and same
        failed += not good
        print(f"{'ok  ' if good else 'FAIL'} {os.path.basename(folder[:-1])}: {difference:.1e}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
