"""gptlet's fineTune in PyTorch, on the same examples: what `npm run eval -- training` is to be within a point of.

    python3 same_recipe.py --task sst2|trec --method head|lora|full [--lambda 0.5]

The body is models/default. 'full' and 'lora' are AdamW over three passes of batches of 32, a linear warm-up of 6 % and a linear decay, with the
learning rates of sdk/training/descent/schedule.ts; 'head' is a penalised fit by L-BFGS on hidden states whose channels are scaled.
"""

import argparse
import math
import random
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

from byte_bpe import ByteBpe
from corpora import DEFAULT_DATA
from exported import load_exported
from head_tasks import TASKS
from tasks import read_lines


def sst2(data):
    read = lambda name: [(line[2:], int(line[0])) for line in read_lines(data, f"sst2/{name}.txt") if line]
    return read("sentences-train")[:2000], read("sentences-dev")


def trec(data):
    return [[(sequences[0][0], label) for sequences, label in part] for part in TASKS["trec"].load(data)]


class Lora(nn.Module):
    def __init__(self, linear, rank=8):
        super().__init__()
        self.linear = linear.requires_grad_(False)
        self.a = nn.Parameter(torch.empty(rank, linear.in_features).uniform_(-1, 1) / math.sqrt(linear.in_features))
        self.b = nn.Parameter(torch.zeros(linear.out_features, rank))

    def forward(self, x):
        return self.linear(x) + (x @ self.a.t()) @ self.b.t()


def collate(batch):
    T = max(len(ids) for ids, _ in batch)
    rows = torch.tensor([list(ids) + [0] * (T - len(ids)) for ids, _ in batch])
    return rows, torch.tensor([len(ids) for ids, _ in batch]), torch.tensor([label for _, label in batch])


def last_states(model, rows, lengths):
    hidden = model.hidden(rows)
    return hidden, hidden[torch.arange(len(rows)), lengths - 1]


def language_loss(model, hidden, rows, lengths):
    """Mean over next tokens of the texts."""
    T = rows.shape[1]
    inside = torch.arange(1, T)[None] < lengths[:, None]
    logits = model.logits(hidden[:, :-1][inside])
    return F.cross_entropy(logits, rows[:, 1:][inside])


def descend(model, score, train, o):
    body = list(model.parameters())
    if o.method == "lora":
        model.requires_grad_(False)
        for block in model.blocks:
            block.attn.qkv, block.attn.proj = Lora(block.attn.qkv), Lora(block.attn.proj)
            block.mlp.fc, block.mlp.proj = Lora(block.mlp.fc), Lora(block.mlp.proj)
        body = [p for p in model.parameters() if p.requires_grad]
    trained = [*body, *score.parameters()]
    rate = (6.25e-5 if o.method == "full" else 5e-4) * 768 / 256
    groups = [dict(params=[p for p in trained if p.ndim == 2], weight_decay=0.01),
              dict(params=[p for p in trained if p.ndim == 1], weight_decay=0.0)]
    optimiser = torch.optim.AdamW(groups, lr=rate)
    order = random.Random(o.seed)
    steps = 3 * math.ceil(len(train) / 32)
    warmup, step = round(0.06 * steps), 0
    for _ in range(3):
        shuffled = order.sample(train, len(train))
        for at in range(0, len(shuffled), 32):
            factor = (step + 1) / warmup if step < warmup else 1 - (step - warmup) / (steps - warmup)
            for group in optimiser.param_groups:
                group["lr"] = rate * factor
            rows, lengths, labels = collate(shuffled[at : at + 32])
            hidden, last = last_states(model, rows, lengths)
            loss = F.cross_entropy(score(last), labels)
            if o.weight:
                loss = loss + o.weight * language_loss(model, hidden, rows, lengths)
            loss.backward()
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            optimiser.zero_grad()
            step += 1


@torch.no_grad()
def states(model, examples):
    parts = []
    for at in range(0, len(examples), 64):
        rows, lengths, _ = collate(examples[at : at + 64])
        parts.append(last_states(model, rows, lengths)[1])
    return torch.cat(parts), torch.tensor([label for _, label in examples])


def fit(x, y, K, l2):
    weights = torch.zeros(K, x.shape[1], dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=300, line_search_fn="strong_wolfe", tolerance_grad=1e-6)

    def closure():
        optimiser.zero_grad()
        loss = F.cross_entropy(x @ weights.t(), y) + l2 / 2 * weights.square().sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return weights.detach()


def fit_head(model, train, K, seed):
    """The penalty by a fifth that is held out, then all."""
    x, y = states(model, train)
    x = x.double()
    scale = x.square().mean(0).sqrt()
    x = x / scale
    order = random.Random(seed).sample(range(len(y)), len(y))
    held, learn = order[: len(y) // 5], order[len(y) // 5 :]
    loss = lambda l2: F.cross_entropy(x[held] @ fit(x[learn], y[learn], K, l2).t(), y[held]).item()
    best = min([1, 0.1, 0.01, 1e-3, 1e-4], key=loss)
    return (fit(x, y, K, best) / scale).float()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--task", choices=["sst2", "trec"], required=True)
    parser.add_argument("--method", choices=["head", "lora", "full"], required=True)
    parser.add_argument("--lambda", dest="weight", type=float, default=0.0)
    parser.add_argument("--data", default=DEFAULT_DATA)
    parser.add_argument("--model", default="../models/default")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    o = parser.parse_args()
    torch.manual_seed(o.seed)
    torch.set_num_threads(o.threads)
    tokenizer = ByteBpe(o.model)
    texts = dict(sst2=sst2, trec=trec)[o.task](o.data)
    train, dev = ([(tokenizer.encode(text)[:256], label) for text, label in part] for part in texts)
    K = 1 + max(label for _, label in train)
    model = load_exported(o.model, dropout=0.1 if o.method == "full" else 0.0)[0].train()
    score = nn.Linear(256, K, bias=False)
    nn.init.normal_(score.weight, std=0.02)
    began = time.time()
    if o.method == "head":
        score.weight.data = fit_head(model.eval(), train, K, o.seed)
    else:
        descend(model, score, train, o)
    seconds = time.time() - began
    x, y = states(model.eval(), dev)
    right = (score(x).argmax(1) == y).float().mean().item()
    print(f"{o.task}, {o.method}, lambda {o.weight}, seed {o.seed}: {100 * right:.1f} % of {len(dev)} right; learnt from {len(train)} in {seconds:.0f} s")


if __name__ == "__main__":
    main()
