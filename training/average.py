"""Averages checkpoints of runs that began at the same weights: python3 average.py WORK/sentiment/last.pt WORK/l3/last.pt --out WORK/mean/last.pt

A mean of fine-tuned weights is often better than each of them, at the cost of one model ("model soups", Wortsman et al., 2022).
"""

import argparse
import os

import torch


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoints", nargs="+", help="of pretrain.py or finetune.py, of one shape")
    parser.add_argument("--out", required=True, help="a checkpoint with weights alone: to export, or to begin from")
    options = parser.parse_args()
    loaded = [torch.load(path, map_location="cpu") for path in options.checkpoints]
    first = loaded[0]
    for path, other in zip(options.checkpoints, loaded):
        if {**other["config"], "dropout": 0} != {**first["config"], "dropout": 0}:
            raise SystemExit(f"{path} has another shape than {options.checkpoints[0]}")
    mean = {name: sum(one["model"][name].float() for one in loaded) / len(loaded) for name in first["model"]}
    os.makedirs(os.path.dirname(os.path.abspath(options.out)), exist_ok=True)
    torch.save({"model": mean, "config": first["config"], "options": first["options"]}, options.out)


if __name__ == "__main__":
    main()
