"""Fine-tunes a sentiment head the GPT-1 way: python3 finetune.py --checkpoint WORK/base/last.pt --work WORK

A linear layer on the last hidden state at <|extract|> is trained together with the body on
L3 = L2 + lambda * L1: the task's cross-entropy, and the language-model loss on the same text.
"""

import argparse
import json
import math
import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import torch
import torch.nn as nn
import torch.nn.functional as F

from byte_bpe import ByteBpe
from classifier import GptClassifier
from corpora import DEFAULT_DATA
from model import ModelConfig
from parallel import ParallelGradients
from tasks import imdb, sst2_sentences, sst2_train
from transformation import TRUNCATIONS, batches, collate, transform


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--checkpoint", required=True, help="the pre-trained body")
    add("--work", required=True)
    add("--data", default=DEFAULT_DATA)
    add("--run", default="sentiment")
    add("--tasks", default="sst2,imdb")
    add("--epochs", type=float, default=2.0, help="passes over SST-2")
    add("--imdb-epochs", type=float, default=1.0)
    add("--minutes", type=float, default=10**9, help="wall-clock budget; the rate reaches zero by its end")
    add("--tokens", type=int, default=4096, help="ids in a batch, padding included")
    add("--lr", type=float, default=4e-4)
    add("--lambda", dest="weight", type=float, default=0.5)
    add("--dropout", type=float, default=0.1)
    add("--weight-decay", type=float, default=0.05)
    add("--truncation", choices=TRUNCATIONS, default="tail")
    add("--seed", type=int, default=0)
    add("--threads", type=int, default=2)
    return parser.parse_args()


def plan(examples, epochs, options):
    """Batches of so many passes, a part of one included."""
    result = []
    for epoch in range(math.ceil(epochs)):
        shuffled = batches(examples, options.tokens, seed=options.seed + epoch)
        result += shuffled[: math.ceil(len(shuffled) * min(1.0, epochs - epoch))]
    return result


@torch.no_grad()
def evaluate(model, examples, tokens=8192):
    """Head logits (N,labels) and labels (N), in f32 as they will be shipped."""
    model.eval()

    def score(batch):
        ids, lengths, wanted = collate(batch)
        with torch.no_grad():  # a setting of each thread
            return model.both(ids, lengths, with_language=False)[0], wanted

    with ThreadPoolExecutor(2) as pool:
        scores, labels = zip(*pool.map(score, batches(examples, tokens)))
    model.train()
    return torch.cat(scores), torch.cat(labels)


def accuracy(scores, labels):
    return (scores.argmax(-1) == labels).float().mean().item()


def main():
    options = parse()
    torch.manual_seed(options.seed)
    folder = os.path.join(options.work, options.run)
    os.makedirs(folder, exist_ok=True)
    tokenizer = ByteBpe(os.path.join(options.work, "tokenizer"))
    start, extract = tokenizer.vocab["<|start|>"], tokenizer.vocab["<|extract|>"]

    checkpoint = torch.load(options.checkpoint, map_location="cpu")
    config = ModelConfig(**{**checkpoint["config"], "dropout": options.dropout})
    model = GptClassifier(config, labels=2)
    model.load_state_dict(checkpoint["model"], strict=False)
    if not any(task in checkpoint["options"]["mix"] for task in ("sst2", "imdb")):
        with torch.no_grad():  # the body never saw these two: begin where a document begins
            model.wte.weight[start] = model.wte.weight[tokenizer.vocab["<|endoftext|>"]]
            model.wte.weight[extract].normal_(std=model.wte.weight[:start].std().item())

    def prepare(pairs):
        return [(transform(tokenizer, text, config.n_positions, options.truncation), label) for text, label in pairs]

    reviews, held_out = imdb(options.data)
    dev = {"sst2": prepare(sst2_sentences(options.data, "dev")), "imdb": prepare(held_out)}
    train = {"sst2": prepare(sst2_train(options.data)), "imdb": prepare(reviews)}
    epochs = {"sst2": options.epochs, "imdb": options.imdb_epochs}
    steps = [batch for name in options.tasks.split(",") for batch in plan(train[name], epochs[name], options)]
    order = torch.randperm(len(steps)).tolist()
    print(f"{len(steps)} steps, {sum(len(steps[i]) for i in order)} examples", flush=True)

    matrices = [p for p in model.parameters() if p.ndim == 2]
    vectors = [p for p in model.parameters() if p.ndim == 1]
    groups = [dict(params=matrices, weight_decay=options.weight_decay), dict(params=vectors, weight_decay=0.0)]
    optimizer = torch.optim.AdamW(groups, lr=options.lr, betas=(0.9, 0.98))
    log = open(os.path.join(folder, "log.jsonl"), "a")
    began, running = time.time(), []
    gradients = ParallelGradients(model.parameters(), options.threads)

    def loss_of(examples):
        ids, lengths, labels = collate(examples)
        with torch.autocast("cpu", dtype=torch.bfloat16, cache_enabled=False):
            head, language = model.both(ids, lengths, options.weight > 0)
        task = F.cross_entropy(head, labels)
        running.append((task.item(), language.item()))
        loss = task + options.weight * language
        return loss, loss

    model.train()
    for step, index in enumerate(order):
        done = max(step / len(steps), (time.time() - began) / (options.minutes * 60))
        if done >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = options.lr * min(1.0, (step + 1) / 50) * (1 - done)
        parts = [steps[index][part :: options.threads] for part in range(options.threads)]
        gradients.run([partial(loss_of, part) for part in parts if part])
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if (step + 1) % 50 == 0:
            l2, l1 = (sum(column) / len(column) for column in zip(*running))
            entry = {"step": step + 1, "of": len(steps), "seconds": round(time.time() - began),
                     "l2": round(l2, 4), "l1": round(l1, 4)}
            if (step + 1) % 400 == 0:
                entry["sst2Dev"] = round(accuracy(*evaluate(model, dev["sst2"])), 4)
            log.write(json.dumps(entry) + "\n")
            log.flush()
            running.clear()

    result = {"model": model.state_dict(), "config": checkpoint["config"], "options": vars(options), "step": step}
    torch.save(result, os.path.join(folder, "last.pt"))
    scores = {name: evaluate(model, dev[name]) for name in dev}
    results = {name: accuracy(*pair) for name, pair in scores.items()}
    print(json.dumps(results), flush=True)
    log.write(json.dumps({"step": step, "seconds": round(time.time() - began), **results}) + "\n")
    torch.save({**result, "results": results, "scores": scores}, os.path.join(folder, "last.pt"))


if __name__ == "__main__":
    main()
