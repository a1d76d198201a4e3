"""Batches for pre-training: windows of T+1 ids drawn from several token files in given shares, on the device that trains."""

import os

import numpy as np
import torch


class Mixture:
    """mix: "name=share,…", each name's part of the rows. All files lie one after another in one tensor on `device`, two bytes a token."""

    def __init__(self, work, mix, length, device="cpu"):
        self.length, self.device = length, device
        shares = {name: float(share) for name, share in (part.split("=") for part in mix.split(","))}
        names = [name for name, share in shares.items() if share > 0]
        tokens, labels, starts, self.labelled = [], [], [], []
        at, begins, sizes = 0, [], []
        for name in names:
            ids = np.load(os.path.join(work, f"{name}.npy"))
            path = os.path.join(work, f"{name}.labels.npy")
            self.labelled.append(os.path.exists(path))
            tokens.append(ids)
            labels.append(np.load(path) if self.labelled[-1] else np.full(len(ids), -1, dtype=np.int8))
            # The first id of a file is what its documents begin with: <|endoftext|>, or <|start|> where labelled.
            starts.append(np.flatnonzero(ids == ids[0]) + at)
            begins.append(at)
            sizes.append(len(ids))
            at += len(ids)

        def tensor(values, dtype):
            return torch.tensor(values, dtype=dtype, device=device)

        self.tokens = torch.from_numpy(np.concatenate(tokens).astype(np.int16)).to(device)
        self.labels = torch.from_numpy(np.concatenate(labels)).to(device)
        self.starts = torch.from_numpy(np.concatenate(starts)).to(device)
        self.begins, self.sizes = tensor(begins, torch.long), tensor(sizes, torch.long)
        self.labelled = tensor(self.labelled, torch.bool)
        self.shares = tensor([shares[name] for name in names], torch.float32)
        self.random = torch.Generator(device)

    def draw(self, step, rows, seed):
        """ids, targets, labels, each (rows,T); labels are -1 where there is none. The batch depends on
        (seed, step) only, so that a resumed run sees what it would have.

        Half of the windows that fall near a document's beginning are moved onto it, since that is where
        generation starts; labelled texts are always read from theirs."""
        self.random.manual_seed(seed * 1_000_003 + step)
        T = self.length
        source = torch.multinomial(self.shares, rows, replacement=True, generator=self.random)
        place, near = torch.rand((2, rows), device=self.device, generator=self.random, dtype=torch.float64)
        at = self.begins[source] + (place * (self.sizes[source] - T - 1)).long()
        before = self.starts[torch.searchsorted(self.starts, at, right=True) - 1]
        at = torch.where(self.labelled[source] | ((near < 0.5) & (at - before < T)), before, at)
        where = at.unsqueeze(1) + torch.arange(T + 1, device=self.device)
        ids = self.tokens[where].long()
        return ids[:, :-1], ids[:, 1:], self.labels[where[:, :-1]].long()
