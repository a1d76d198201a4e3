"""One training in PyTorch, f32, for bench/training/run.mjs to put beside gptlet's: prints JSON with tokens a second of each step.

    python3 pytorch.py --method lora|full --width 256 --layers 6 --heads 4 --vocab 4096 --tokens 128 --batch 8 --steps 8 --threads 2

The model is training/model.py's, whose activation and loss are written for the CPU. LoRA: rank 8 on attention's joined queries, keys and
values (c_attn), what PEFT takes for GPT-2 where nobody says more.
"""

import argparse
import json
import os
import resource
import sys
import time

import torch
import torch.nn as nn

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "training"))
from model import Gpt, ModelConfig  # noqa: E402


class Lora(nn.Module):
    """y = W x + b + alpha / rank · B (A x), W and b frozen."""

    def __init__(self, linear, rank=8, alpha=16):
        super().__init__()
        self.linear = linear
        self.scale = alpha / rank
        self.a = nn.Parameter(torch.empty(rank, linear.in_features).uniform_(-1, 1) / linear.in_features**0.5)
        self.b = nn.Parameter(torch.zeros(linear.out_features, rank))

    def forward(self, x):
        return self.linear(x) + (x @ self.a.t()) @ self.b.t() * self.scale


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--method", choices=["lora", "full"], required=True)
    for name, default in dict(width=256, layers=6, heads=4, vocab=4096, tokens=128, batch=8, steps=8, threads=2).items():
        parser.add_argument(f"--{name}", type=int, default=default)
    o = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(o.threads)
    model = Gpt(ModelConfig(o.vocab, max(256, o.tokens), o.width, o.layers, o.heads)).train()
    if o.method == "lora":
        for parameter in model.parameters():
            parameter.requires_grad_(False)
        for block in model.blocks:
            block.attn.qkv = Lora(block.attn.qkv)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=1e-4, weight_decay=0.01)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rates, losses = [], []
    for _ in range(o.steps):
        ids = torch.randint(o.vocab, (o.batch, o.tokens + 1))
        began = time.perf_counter()
        loss = model.loss(ids[:, :-1], ids[:, 1:])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        losses.append(loss.item())
        rates.append(o.batch * o.tokens / (time.perf_counter() - began))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"torch": torch.__version__, "tokensPerSecond": rates, "losses": losses, "addedMegabytes": (after - before) / 1024}))


if __name__ == "__main__":
    main()
