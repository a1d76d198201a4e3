"""The Llama layout in PyTorch, small: RMS norms, rotary halves, grouped queries, gated SiLU, a tied head, no biases.

Modules and the fields of LlamaConfig bear the hub's names, so that a state is a checkpoint but for the prefix "model.".
Written from the papers (Touvron et al., 2023; Su et al., 2021; Ainslie et al., 2023).
Shapes: B batch, T tokens, C channels, NH heads of queries, NKV of keys and values, HS head size.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F

from fast_ops import FastCrossEntropy


@dataclass
class LlamaConfig:
    vocab_size: int = 4096
    max_position_embeddings: int = 256
    hidden_size: int = 160
    intermediate_size: int = 384
    num_hidden_layers: int = 5
    num_attention_heads: int = 4
    num_key_value_heads: int = 2
    rms_norm_eps: float = 1e-5
    rope_theta: float = 10000.0

    @property
    def head_dim(self):
        return self.hidden_size // self.num_attention_heads

    @property
    def n_positions(self):  # as validation.py asks for it
        return self.max_position_embeddings


class RmsNorm(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(config.hidden_size))
        self.epsilon = config.rms_norm_eps

    def forward(self, x):
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + self.epsilon) * self.weight


def rotary_table(config):
    """cos and sin (T,HS) each: pair (i, i + HS/2) turns by position / theta^(2i/HS). The angles are in f64."""
    size = config.head_dim
    frequencies = config.rope_theta ** (-torch.arange(0, size, 2, dtype=torch.float64) / size)
    angles = torch.outer(torch.arange(config.max_position_embeddings, dtype=torch.float64), frequencies)
    angles = torch.cat([angles, angles], dim=-1)
    return angles.cos().float(), angles.sin().float()


def turn(x, cos, sin):
    """x (B,NH,T,HS)"""
    first, second = x.chunk(2, dim=-1)
    return x * cos + torch.cat([-second, first], dim=-1) * sin


class Attention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        C, K = config.hidden_size, config.num_key_value_heads * config.head_dim
        self.q_proj = nn.Linear(C, C, bias=False)
        self.k_proj = nn.Linear(C, K, bias=False)
        self.v_proj = nn.Linear(C, K, bias=False)
        self.o_proj = nn.Linear(C, C, bias=False)

    def forward(self, x, mask, cos, sin):
        B, T, C = x.shape
        NKV, HS = self.config.num_key_value_heads, self.config.head_dim
        group = self.config.num_attention_heads // NKV
        q, k, v = (part(x).view(B, T, -1, HS).transpose(1, 2) for part in (self.q_proj, self.k_proj, self.v_proj))
        q, k = turn(q * HS**-0.5, cos, sin), turn(k, cos, sin)
        # Neighbouring heads of queries share keys and values: head h reads those of h // group.
        q, k, v = q.view(B, NKV, group, T, HS), k.unsqueeze(2), v.unsqueeze(2)
        y = F.softmax(q @ k.transpose(-2, -1) + mask, dim=-1) @ v
        return self.o_proj(y.view(B, NKV * group, T, HS).transpose(1, 2).reshape(B, T, C))


class Mlp(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.gate_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.up_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.down_proj = nn.Linear(config.intermediate_size, config.hidden_size, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.input_layernorm = RmsNorm(config)
        self.self_attn = Attention(config)
        self.post_attention_layernorm = RmsNorm(config)
        self.mlp = Mlp(config)

    def forward(self, x, *positions):
        x = x + self.self_attn(self.input_layernorm(x), *positions)
        return x + self.mlp(self.post_attention_layernorm(x))


class Llama(nn.Module):
    """Has what Gpt has for training and measuring: hidden, logits, loss, config.n_positions."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.num_hidden_layers))
        self.norm = RmsNorm(config)
        T = config.max_position_embeddings
        self.register_buffer("mask", torch.full((T, T), -math.inf).triu(1), persistent=False)
        cos, sin = rotary_table(config)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        for name, parameter in self.named_parameters():
            if parameter.ndim == 2:
                # What adds into the residual stream starts smaller, so that depth does not raise its variance.
                ends = "o_proj" in name or "down_proj" in name
                nn.init.normal_(parameter, std=0.02 / math.sqrt(2 * config.num_hidden_layers) if ends else 0.02)

    def hidden(self, ids):
        """ids (B,T) -> last hidden state after the final norm (B,T,C)."""
        T = ids.shape[1]
        x = self.embed_tokens(ids)
        for layer in self.layers:
            x = layer(x, self.mask[:T, :T], self.cos[:T], self.sin[:T])
        return self.norm(x)

    def logits(self, hidden):
        return hidden @ self.embed_tokens.weight.t()

    def loss(self, ids, targets, reduction="mean"):
        """Cross-entropy in nats; outside training, targets of -100 do not count."""
        logits = self.logits(self.hidden(ids))
        if self.training:
            return FastCrossEntropy.apply(logits.flatten(0, 1), targets.flatten())
        return F.cross_entropy(logits.flatten(0, 1).float(), targets.flatten(), reduction=reduction)
