"""Labelled texts on the device that trains: <|start|> text <|extract|> one after another in a token file, in batches.

P(positive) of each comes from the file's own labels, or from the soft labels that label.py wrote in a folder.
"""

import os

import numpy as np
import torch

OWN_LABELS = {"sst2", "imdb"}  # the other files' labels are those of the whole review, or guessed
LENGTHS = (16, 24, 32, 48, 64, 96, 128, 192, 256)  # what texts are padded to


class LabelledTexts:
    def __init__(self, work, name, device="cpu", soft=None, hard_share=0.5, longest=256):
        """soft: a folder with NAME.npy, P(positive) of each text in the file's order. A text that has a label of its own
        then gets hard_share of it and the rest of the soft one."""
        ids = np.load(os.path.join(work, f"{name}.npy"))
        labels = np.load(os.path.join(work, f"{name}.labels.npy"))
        begins = np.flatnonzero(ids == ids[0])
        ends = np.append(begins[1:], len(ids))
        positive = labels[ends - 1].astype(np.float32)
        if soft:
            guess = np.load(os.path.join(soft, f"{name}.npy")).astype(np.float32)
            own = name in OWN_LABELS
            positive = np.where(own & (positive >= 0), hard_share * positive + (1 - hard_share) * guess, guess)
        self.name, self.device = name, device
        self.begins, self.lengths, self.positive = begins, np.minimum(ends - begins, longest), positive
        self.tokens = torch.from_numpy(np.append(ids, np.zeros(longest)).astype(np.int16)).to(device)

    def __len__(self):
        return len(self.begins)

    def plan(self, tokens, seed=None):
        """Lists of texts of like length, at most `tokens` ids each when padded. With a seed: those with a label, in a
        random order, and what does not fill a list is left out; without: all, in order of length."""
        which = np.arange(len(self)) if seed is None else np.flatnonzero(self.positive >= 0)
        if seed is not None:
            np.random.default_rng(seed).shuffle(which)
        size = np.searchsorted(LENGTHS, self.lengths[which])
        result = []
        for index, length in enumerate(LENGTHS):
            members = which[size == index]
            rows = max(1, tokens // length)
            full = len(members) if seed is None else len(members) // rows * rows
            result += [(self, length, members[at : at + rows]) for at in range(0, full, rows)]
        return result

    def batch(self, length, members):
        """ids (B,length) padded with 0, lengths (B), P(positive) (B)."""
        begins, lengths, positive = (torch.from_numpy(a[members]).to(self.device, non_blocking=True)
                                     for a in (self.begins, self.lengths, self.positive))
        steps = torch.arange(length, device=self.device)
        ids = self.tokens[begins.unsqueeze(1) + steps].long()
        return ids * (steps < lengths.unsqueeze(1)), lengths, positive
