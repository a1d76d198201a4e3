"""The GPT-2 layout in PyTorch, for training: pre-norm blocks, tied head, GELU in its tanh form.

Shapes: B batch, T tokens, C channels (n_embd), V vocabulary, NH heads, HS head size, L layers.
"""

import math
from dataclasses import asdict, dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F

from fast_ops import FastCrossEntropy, FastGelu

@dataclass
class ModelConfig:
    vocab_size: int = 4096
    n_positions: int = 256
    n_embd: int = 256
    n_layer: int = 6
    n_head: int = 4
    dropout: float = 0.0

    def as_dict(self):
        return asdict(self)


class Attention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.n_head = config.n_head
        self.dropout = config.dropout
        self.qkv = nn.Linear(config.n_embd, 3 * config.n_embd)
        self.proj = nn.Linear(config.n_embd, config.n_embd)

    def forward(self, x, mask):  # x (B,T,C), mask (T,T) with -inf above the diagonal
        B, T, C = x.shape
        HS = C // self.n_head
        q, k, v = self.qkv(x).view(B, T, 3, self.n_head, HS).permute(2, 0, 3, 1, 4)  # (B,NH,T,HS) each
        if x.is_cuda:
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True, dropout_p=self.dropout if self.training else 0.0)
            y = y.transpose(1, 2).reshape(B, T, C)
            return F.dropout(self.proj(y), self.dropout, self.training)
        # The scale goes onto q, which is smaller than the (T,T) scores.
        att = (q * HS**-0.5) @ k.transpose(-2, -1) + mask.to(q.dtype)
        att = F.dropout(F.softmax(att, dim=-1), self.dropout, self.training)
        y = (att @ v).transpose(1, 2).reshape(B, T, C)
        return F.dropout(self.proj(y), self.dropout, self.training)


class Mlp(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.dropout = config.dropout
        self.fc = nn.Linear(config.n_embd, 4 * config.n_embd)
        self.proj = nn.Linear(4 * config.n_embd, config.n_embd)

    def forward(self, x):
        x = self.fc(x)
        # In training on a CPU the written-out form; everywhere else PyTorch's own.
        x = FastGelu.apply(x) if self.training and not x.is_cuda else F.gelu(x, approximate="tanh")
        y = self.proj(x)
        return F.dropout(y, self.dropout, self.training)


class Block(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.ln_1 = nn.LayerNorm(config.n_embd)
        self.attn = Attention(config)
        self.ln_2 = nn.LayerNorm(config.n_embd)
        self.mlp = Mlp(config)

    def forward(self, x, mask):
        x = x + self.attn(self.ln_1(x), mask)
        return x + self.mlp(self.ln_2(x))


class Gpt(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.wte = nn.Embedding(config.vocab_size, config.n_embd)
        self.wpe = nn.Embedding(config.n_positions, config.n_embd)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.n_layer))
        self.ln_f = nn.LayerNorm(config.n_embd)
        mask = torch.full((config.n_positions, config.n_positions), -math.inf).triu(1)
        self.register_buffer("mask", mask, persistent=False)
        for name, parameter in self.named_parameters():
            if name.endswith("bias"):
                nn.init.zeros_(parameter)
            elif parameter.ndim == 2:
                # What adds into the residual stream starts smaller, so that depth does not raise its variance.
                std = 0.02 / math.sqrt(2 * config.n_layer) if "proj" in name else 0.02
                nn.init.normal_(parameter, std=std)

    def hidden(self, ids):
        """ids (B,T) -> last hidden state after the final norm (B,T,C)."""
        T = ids.shape[1]
        x = self.wte(ids) + self.wpe.weight[:T]
        x = F.dropout(x, self.config.dropout, self.training)
        mask = self.mask[:T, :T]
        for block in self.blocks:
            x = block(x, mask)
        return self.ln_f(x)

    def logits(self, hidden):
        return hidden @ self.wte.weight.t()

    def loss(self, ids, targets, reduction="mean"):
        """Cross-entropy in nats; outside training, targets of -100 do not count."""
        logits = self.logits(self.hidden(ids))
        if self.training and not logits.is_cuda:
            return FastCrossEntropy.apply(logits.flatten(0, 1), targets.flatten())
        return F.cross_entropy(logits.flatten(0, 1).float(), targets.flatten(), reduction=reduction)
