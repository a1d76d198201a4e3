"""The body with a linear layer on it (GPT-1's fine-tuning): label scores read at the <|extract|> token."""

import torch
import torch.nn as nn
import torch.nn.functional as F

from fast_ops import FastCrossEntropy
from model import Gpt


class GptClassifier(Gpt):
    def __init__(self, config, labels=2):
        super().__init__(config)
        self.score = nn.Linear(config.n_embd, labels, bias=False)
        nn.init.normal_(self.score.weight, std=0.02)

    def joint_loss(self, ids, targets, labels, weight):
        """L1 over all positions + weight * L2 over the positions that carry a label (-1: none). Rows count
        alike, so that one long review weighs as much as a row of short phrases. -> loss, L1, L2"""
        h = self.hidden(ids)
        language = FastCrossEntropy.apply(self.logits(h).flatten(0, 1), targets.flatten())
        rows, columns = (labels >= 0).nonzero(as_tuple=True)
        if len(rows) == 0:
            return language, language.detach(), None
        each = F.cross_entropy(self.score(h[rows, columns]).float(), labels[rows, columns], reduction="none")
        per_row = 1 / torch.bincount(rows, minlength=len(ids)).clamp(min=1)[rows].float()
        task = (each * per_row).sum() / per_row.sum()
        return language + weight * task, language.detach(), task.detach()

    def both(self, ids, lengths, with_language=True):
        """Head logits (B,labels) at each row's last token, <|extract|>, and the mean L1 over the text's tokens."""
        h = self.hidden(ids)
        head = self.score(h[torch.arange(len(ids), device=ids.device), lengths - 1]).float()
        if not with_language:
            return head, torch.zeros(())
        # Position t predicts token t+1; the last to be predicted is the one before <|extract|>.
        counts = torch.arange(ids.shape[1] - 1, device=ids.device).unsqueeze(0) < (lengths - 2).unsqueeze(1)
        logits, targets = self.logits(h[:, :-1][counts]), ids[:, 1:][counts]
        if self.training:
            return head, FastCrossEntropy.apply(logits, targets)
        return head, F.cross_entropy(logits.float(), targets)
