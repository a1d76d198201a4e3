"""Fine-tunes a sentiment head the GPT-1 way: python3 finetune.py --init WORK/base/last.pt --work WORK

A linear layer on the last hidden state at <|extract|> is trained together with the body on
L3 = L2 + lambda * L1: the task's cross-entropy, and the language-model loss on the same text. What is
kept is the running average of the weights. Stop it at any time: the same command goes on.
"""

import argparse
import json
import math
import os
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import torch
import torch.nn as nn
import torch.nn.functional as F

from byte_bpe import ByteBpe
from classifier import from_checkpoint
from corpora import DEFAULT_DATA
from exported import load_exported
from parallel import ParallelGradients
from running_average import RunningAverage
from tasks import imdb, sst2_sentences, sst2_train
from transformation import any_window, batches, collate, transform


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--init", required=True, help="the body: a checkpoint of pretrain.py (.pt) or an exported folder")
    add("--work", required=True)
    add("--data", default=DEFAULT_DATA)
    add("--run", default="sentiment")
    add("--epochs", type=float, default=4.0, help="passes over SST-2")
    add("--imdb-epochs", type=float, default=2.0)
    add("--minutes", type=float, default=10**9, help="wall-clock budget; the rate reaches zero by its end")
    add("--tokens", type=int, default=3072, help="ids in a batch, padding included")
    add("--lr", type=float, default=3e-4)
    add("--lambda", dest="weight", type=float, default=0.0)
    add("--dropout", type=float, default=0.1)
    add("--weight-decay", type=float, default=0.05)
    add("--average", type=int, default=300, help="steps that the running average of the weights looks back")
    add("--seed", type=int, default=0)
    add("--threads", type=int, default=2)
    add("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    add("--measure-every", type=int, default=500, help="steps between checkpoints, each with dev accuracy")
    return parser.parse_args()


def load_body(path, dropout, tokenizer):
    """A GptClassifier in training mode, whose head is new where the body came without one."""
    if os.path.isdir(path):
        return load_exported(path, dropout=dropout)[0].train()
    checkpoint = torch.load(path, map_location="cpu")
    model = from_checkpoint(checkpoint, dropout, strict=False)
    mix = checkpoint["options"].get("mix")  # none in a checkpoint of this script, which has seen both
    if mix is not None and not any(task in mix for task in ("sst2", "imdb")):
        with torch.no_grad():  # the body never saw these two: begin where a document begins
            model.wte.weight[tokenizer.vocab["<|start|>"]] = model.wte.weight[tokenizer.vocab["<|endoftext|>"]]
            spread = model.wte.weight[: tokenizer.vocab["<|endoftext|>"]].std().item()
            model.wte.weight[tokenizer.vocab["<|extract|>"]].normal_(std=spread)
    return model.train()


def plan(examples, epochs, context, options):
    """Batches of so many passes, a part of one included. A text longer than the context is read in another
    window each time."""
    result = []
    for epoch in range(math.ceil(epochs)):
        windows = random.Random(options.seed + epoch)
        cut = [(any_window(ids, context, windows), label) for ids, label in examples]
        shuffled = batches(cut, options.tokens, seed=options.seed + epoch)
        result += shuffled[: math.ceil(len(shuffled) * min(1.0, epochs - epoch))]
    return result


def adamw(model, options):
    """Decay on matrices only; on a GPU all weights in one kernel."""
    groups = [dict(params=[p for p in model.parameters() if p.ndim == 2], weight_decay=options.weight_decay),
              dict(params=[p for p in model.parameters() if p.ndim == 1], weight_decay=0.0)]
    fused = {"fused": True} if next(model.parameters()).is_cuda else {}
    return torch.optim.AdamW(groups, lr=options.lr, betas=(0.9, 0.98), **fused)


@torch.no_grad()
def evaluate(model, examples, tokens=8192, dtype=torch.float32):
    """Head logits (N,labels) and labels (N), in the order of `examples`; in f32 as they will be shipped, or bf16, faster."""
    model.eval()
    device = next(model.parameters()).device
    numbered = [(ids, index) for index, (ids, _) in enumerate(examples)]

    def score(batch):
        ids, lengths, where = collate(batch, device)
        with torch.no_grad(), torch.autocast(device.type, dtype=torch.bfloat16, enabled=dtype == torch.bfloat16):
            return model.both(ids, lengths, with_language=False)[0].cpu(), where.cpu()

    with ThreadPoolExecutor(2) as pool:
        scores, where = (torch.cat(parts) for parts in zip(*pool.map(score, batches(numbered, tokens))))
    model.train()
    return scores[where.argsort()], torch.tensor([label for _, label in examples])


def accuracy(scores, labels):
    return (scores.argmax(-1) == labels).float().mean().item()


def main():
    options = parse()
    torch.manual_seed(options.seed)
    folder = os.path.join(options.work, options.run)
    os.makedirs(folder, exist_ok=True)
    last = os.path.join(folder, "last.pt")
    tokenizer = ByteBpe(os.path.join(options.work, "tokenizer"))
    model = load_body(options.init, options.dropout, tokenizer).to(options.device)
    context = model.config.n_positions

    def prepare(pairs, kept):
        return [(transform(tokenizer, text, kept), label) for text, label in pairs]

    reviews, held_out = imdb(options.data)
    some = held_out[:150] + held_out[-150:]  # of each label; all 5,000 are for evaluate.py
    dev = {"sst2": prepare(sst2_sentences(options.data, "dev"), context), "imdb300": prepare(some, context)}
    whole = 10**9
    steps = plan(prepare(sst2_train(options.data), whole), options.epochs, context, options)
    steps += plan(prepare(reviews, whole), options.imdb_epochs, context, options)
    random.Random(options.seed).shuffle(steps)
    print(f"{len(steps)} steps, {sum(len(step) for step in steps)} examples", flush=True)

    optimizer = adamw(model, options)
    average = RunningAverage(model, options.average)
    first, earlier = 0, 0.0
    if os.path.exists(last):
        checkpoint = torch.load(last, map_location=options.device)
        model.load_state_dict(checkpoint["raw"])
        average.model.load_state_dict(checkpoint["model"])
        optimizer.load_state_dict(checkpoint["optimizer"])
        first, earlier = checkpoint["step"], checkpoint["seconds"]
        torch.manual_seed(options.seed + first)  # dropout only
    log = open(os.path.join(folder, "log.jsonl"), "a")
    began, running = time.time() - earlier, []
    gradients = ParallelGradients(model.parameters(), 1 if options.device == "cuda" else options.threads)

    def loss_of(examples):
        ids, lengths, labels = collate(examples, options.device)
        with torch.autocast(options.device, dtype=torch.bfloat16, cache_enabled=False):
            head, language = model.both(ids, lengths, options.weight > 0)
        task = F.cross_entropy(head, labels)
        running.append((task.item(), language.item()))
        loss = task + options.weight * language
        return loss, loss

    def keep(step):
        """A checkpoint, and the dev accuracy of the averaged weights."""
        seconds = time.time() - began
        torch.save({"model": average.model.state_dict(), "raw": model.state_dict(), "optimizer": optimizer.state_dict(),
                    "config": model.config.as_dict(), "options": vars(options), "step": step, "seconds": seconds}, last + ".new")
        os.replace(last + ".new", last)
        measured = {name: round(accuracy(*evaluate(average.model, examples, dtype=torch.bfloat16)), 4)
                    for name, examples in dev.items()}
        log.write(json.dumps({"step": step, "of": len(steps), "seconds": round(seconds), "dev": measured}) + "\n")
        log.flush()

    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
    step = first
    for step, batch in enumerate(steps[first:], first + 1):
        done = max((step - 1) / len(steps), (time.time() - began) / (options.minutes * 60))
        if done >= 1 or stop:
            break
        for group in optimizer.param_groups:
            group["lr"] = options.lr * min(1.0, step / 50) * (1 - done)
        parts = [batch[part :: gradients.threads] for part in range(gradients.threads)]
        gradients.run([partial(loss_of, part) for part in parts if part])
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        average.follow(step)
        if step % 50 == 0:
            l2, l1 = (sum(column) / len(column) for column in zip(*running))
            entry = {"step": step, "of": len(steps), "seconds": round(time.time() - began), "l2": round(l2, 4)}
            log.write(json.dumps({**entry, "l1": round(l1, 4)} if options.weight else entry) + "\n")
            log.flush()
            running.clear()
        if step % options.measure_every == 0:
            keep(step)
    keep(step)


if __name__ == "__main__":
    main()
