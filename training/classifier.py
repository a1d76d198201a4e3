"""The body with a linear layer on it (GPT-1's fine-tuning): label scores read at the <|extract|> token."""

import torch
import torch.nn as nn
import torch.nn.functional as F

from fast_ops import FastCrossEntropy
from model import Gpt, ModelConfig


def cross_entropy(logits, targets):
    """Mean loss of logits (N,V); on a CPU written out, since PyTorch 1.13's own is slow there."""
    if logits.is_cuda:
        return F.cross_entropy(logits.float(), targets)
    return FastCrossEntropy.apply(logits, targets)


class GptClassifier(Gpt):
    def __init__(self, config, labels=2):
        super().__init__(config)
        self.score = nn.Linear(config.n_embd, labels, bias=False)
        nn.init.normal_(self.score.weight, std=0.02)

    def joint_loss(self, ids, targets, labels, weight, taught=None, share=0.0):
        """L1 over all positions + weight * L2 over the positions that carry a label (-1: none). Rows count
        alike, so that one long review weighs as much as a row of short phrases. -> loss, L1, L2 (0 without labels)

        With `taught`, a larger model's logits (B,T,V), `share` of L1 gives way to the cross-entropy with its
        distribution (Hinton et al., 2015)."""
        return self.joint_loss_of(self.hidden(ids), targets, labels, weight, taught, share)

    def joint_loss_of(self, h, targets, labels, weight, taught, share):
        """The same of the hidden states (B,T,C); apart, so that it can be compiled as one piece."""
        logits = self.logits(h)
        language = cross_entropy(logits.flatten(0, 1), targets.flatten())
        learnt = language
        if taught is not None:
            soft = -(taught.float().softmax(-1) * logits.float().log_softmax(-1)).sum(-1).mean()
            learnt = (1 - share) * language + share * soft
        each = F.cross_entropy(self.score(h).float().flatten(0, 1), labels.clamp(min=0).flatten(), reduction="none")
        counted = (labels >= 0).float()
        per_row = counted / counted.sum(dim=1, keepdim=True).clamp(min=1)
        task = (each.view_as(counted) * per_row).sum() / (counted.amax(dim=1)).sum().clamp(min=1)
        return learnt + weight * task, language.detach(), task.detach()

    def both(self, ids, lengths, with_language=True):
        """Head logits (B,labels) at each row's last token, <|extract|>, and the mean L1 over the text's tokens."""
        h = self.hidden(ids)
        head = self.score(h[torch.arange(len(ids), device=ids.device), lengths - 1]).float()
        if not with_language:
            return head, torch.zeros((), device=ids.device)
        # Position t predicts token t+1; the last to be predicted is the one before <|extract|>.
        counts = torch.arange(ids.shape[1] - 1, device=ids.device).unsqueeze(0) < (lengths - 2).unsqueeze(1)
        if ids.is_cuda:  # no shape that depends on the lengths, so that nothing waits for them
            targets = torch.where(counts, ids[:, 1:], -100)
            return head, cross_entropy(self.logits(h[:, :-1]).flatten(0, 1), targets.flatten())
        logits, targets = self.logits(h[:, :-1][counts]), ids[:, 1:][counts]
        if self.training:
            return head, cross_entropy(logits, targets)
        return head, F.cross_entropy(logits.float(), targets)


def from_checkpoint(checkpoint, dropout=0.0, strict=True):
    """The model of a checkpoint in memory, in f32 and in training mode; without `strict` its head is new where it has none."""
    model = GptClassifier(ModelConfig(**{**checkpoint["config"], "dropout": dropout}))
    model.load_state_dict(checkpoint["model"], strict=strict)
    return model
