"""Batches for pre-training: windows of T+1 ids drawn from several token files in given shares."""

import os

import numpy as np
import torch


class Source:
    """One token file, and its labels where it has them. `starts` are the positions where documents begin."""

    def __init__(self, work, name):
        self.tokens = np.load(os.path.join(work, f"{name}.npy"))
        path = os.path.join(work, f"{name}.labels.npy")
        self.labels = np.load(path) if os.path.exists(path) else None
        # The first id of a file is what its documents begin with: <|endoftext|>, or <|start|> where labelled.
        self.starts = np.flatnonzero(self.tokens == self.tokens[0])

    def window(self, random, T):
        """Where a window of T+1 ids begins. Half of those that fall near a document's beginning are moved
        onto it, since that is where generation starts; labelled texts are always read from theirs."""
        at = int(random.integers(0, len(self.tokens) - T - 1))
        near = random.random() < 0.5
        before = int(self.starts[np.searchsorted(self.starts, at, side="right") - 1])
        return before if self.labels is not None or (near and at - before < T) else at


class Mixture:
    """shares: name -> part of the rows."""

    def __init__(self, work, shares, length):
        self.length = length
        names = [name for name, share in shares.items() if share > 0]
        total = sum(shares[name] for name in names)
        self.shares = np.array([shares[name] / total for name in names])
        self.sources = [Source(work, name) for name in names]

    def draw(self, step, rows, seed):
        """ids, targets, labels, each (rows,T); labels are -1 where there is none. The batch depends on
        (seed, step) only, so that a resumed run sees what it would have."""
        random = np.random.default_rng([seed, step])
        T = self.length
        batch = np.empty((rows, T + 1), dtype=np.int64)
        labels = np.full((rows, T), -1, dtype=np.int64)
        for row in range(rows):
            source = self.sources[random.choice(len(self.shares), p=self.shares)]
            at = source.window(random, T)
            batch[row] = source.tokens[at : at + T + 1]
            if source.labels is not None:
                labels[row] = source.labels[at : at + T]
        return torch.from_numpy(batch[:, :-1].copy()), torch.from_numpy(batch[:, 1:].copy()), torch.from_numpy(labels)
