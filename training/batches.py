"""Batches for pre-training: windows of T+1 ids drawn from several token files in given shares."""

import os

import numpy as np
import torch


class Mixture:
    """shares: name -> part of the rows. Half of the windows that fall near a document's beginning are
    moved onto it, since that is where generation starts."""

    def __init__(self, work, shares, length, end_of_text):
        self.length = length
        names = [name for name, share in shares.items() if share > 0]
        total = sum(shares[name] for name in names)
        self.shares = np.array([shares[name] / total for name in names])
        self.tokens = [np.load(os.path.join(work, f"{name}.npy")) for name in names]
        self.starts = [np.flatnonzero(tokens == end_of_text)[:-1] for tokens in self.tokens]

    def draw(self, step, rows, seed):
        """The batch of one step depends on (seed, step) only, so that a resumed run sees what it would have."""
        random = np.random.default_rng([seed, step])
        T = self.length
        batch = np.empty((rows, T + 1), dtype=np.int64)
        for row in range(rows):
            which = random.choice(len(self.shares), p=self.shares)
            tokens, starts = self.tokens[which], self.starts[which]
            at = int(random.integers(0, len(tokens) - T - 1))
            if random.random() < 0.5:
                before = starts[max(0, np.searchsorted(starts, at, side="right") - 1)]
                if 0 <= at - before < T and before + T + 1 <= len(tokens):
                    at = int(before)
            batch[row] = tokens[at : at + T + 1]
        return torch.from_numpy(batch[:, :-1].copy()), torch.from_numpy(batch[:, 1:].copy())
