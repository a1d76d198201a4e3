"""Loss on the validation stories: the token stream in windows that do not overlap, nats a token and bits a byte."""

import json
import math
import os

import numpy as np
import torch


def load_validation(work):
    with open(os.path.join(work, "valid.json")) as file:
        size = json.load(file)["bytes"]
    return np.load(os.path.join(work, "valid.npy")).astype(np.int64), size


@torch.no_grad()
def validate(model, tokens, size, autocast, batch=16):
    """Every token but the first is predicted once; the separators count as predictions, not as bytes."""
    model.eval()
    device = next(model.parameters()).device
    T = model.config.n_positions
    n = len(tokens) - 1
    rows = math.ceil(n / T)
    ids = np.zeros(rows * T, dtype=np.int64)
    targets = np.full(rows * T, -100, dtype=np.int64)
    ids[:n], targets[:n] = tokens[:-1], tokens[1:]
    ids, targets = torch.from_numpy(ids).view(rows, T), torch.from_numpy(targets).view(rows, T)
    nats = 0.0
    for at in range(0, rows, batch):
        with autocast():
            nats += model.loss(ids[at : at + batch].to(device), targets[at : at + batch].to(device), "sum").item()
    model.train()
    return {"nats": nats / n, "bitsPerByte": nats / math.log(2) / size}
