"""Fine-tunes on labelled token files, hard or soft labels: python3 distil.py --init WORK/reviews/last.pt --work WORK --run NAME

For a GPU, where it takes a minute; finetune.py does the same with hard labels on a CPU. With --soft the labels are those of
larger models (label.py), also for a million sentences that nobody labelled: knowledge distillation (Hinton et al., 2015).
The loss is GPT-1's L3 = L2 + lambda * L1; what is kept is the running average of the weights.
"""

import argparse
import json
import math
import os
import random
import time

import torch
import torch.nn as nn

from byte_bpe import ByteBpe
from corpora import DEFAULT_DATA
from finetune import accuracy, adamw, evaluate, load_body
from labelled import LabelledTexts
from running_average import RunningAverage
from tasks import imdb, sst2_sentences
from transformation import transform


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--init", required=True, help="the body: a checkpoint (.pt) or an exported folder")
    add("--work", required=True)
    add("--data", default=DEFAULT_DATA)
    add("--run", required=True)
    add("--passes", default="sst2=3,imdb=1", help="token files and how often each is read")
    add("--soft", help="folder with the soft labels of label.py")
    add("--hard", type=float, default=0.5, help="with --soft: how much a text's own label counts, where it has one")
    add("--minutes", type=float, default=10**9, help="wall-clock budget; the rate reaches zero by its end")
    add("--tokens", type=int, default=4096, help="ids in a batch, padding included")
    add("--lr", type=float, default=2e-4)
    add("--lambda", dest="weight", type=float, default=0.0)
    add("--dropout", type=float, default=0.1)
    add("--weight-decay", type=float, default=0.05)
    add("--average", type=int, default=300, help="steps that the running average of the weights looks back")
    add("--seed", type=int, default=0)
    add("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    add("--measure", type=int, default=4, help="how often the dev accuracy is taken")
    return parser.parse_args()


def plan(options):
    """Batches of all passes of all files, shuffled together."""
    steps = []
    for part in options.passes.split(","):
        name, passes = part.split("=")
        texts = LabelledTexts(options.work, name, options.device, options.soft, options.hard)
        for index in range(math.ceil(float(passes))):
            batches = texts.plan(options.tokens, seed=options.seed * 1000 + index)
            random.Random(options.seed + index).shuffle(batches)
            steps += batches[: round(len(batches) * min(1.0, float(passes) - index))]
    random.Random(options.seed).shuffle(steps)
    return steps


def main():
    options = parse()
    torch.manual_seed(options.seed)
    folder = os.path.join(options.work, options.run)
    os.makedirs(folder, exist_ok=True)
    tokenizer = ByteBpe(os.path.join(options.work, "tokenizer"))
    model = load_body(options.init, options.dropout, tokenizer).to(options.device)
    steps = plan(options)

    held_out = imdb(options.data)[1]
    dev = {name: [(transform(tokenizer, text, model.config.n_positions), label) for text, label in pairs]
           for name, pairs in (("sst2", sst2_sentences(options.data, "dev")), ("imdb500", held_out[::10]))}
    optimizer = adamw(model, options)
    average = RunningAverage(model, options.average)
    log = open(os.path.join(folder, "log.jsonl"), "a")
    began, running, counted, measured = time.time(), 0.0, 0, 0

    def report(**values):
        log.write(json.dumps({"step": step, "of": len(steps), "seconds": round(time.time() - began, 1), **values}) + "\n")
        log.flush()

    def measure():
        return {name: round(accuracy(*evaluate(average.model, examples, 65536, torch.bfloat16)), 4) for name, examples in dev.items()}

    for step, (texts, length, members) in enumerate(steps):
        done = max(step / len(steps), (time.time() - began) / (options.minutes * 60))
        if done >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = options.lr * min(1.0, (step + 1) / 100) * (1 - done)
        ids, lengths, positive = texts.batch(length, members)
        with torch.autocast(options.device, dtype=torch.bfloat16):
            head, language = model.both(ids, lengths, options.weight > 0)
        log_p = head.log_softmax(-1)
        task = -(positive * log_p[:, 1] + (1 - positive) * log_p[:, 0]).mean()
        (task + options.weight * language).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        average.follow(step + 1)
        running, counted = running + torch.stack([task.detach(), language.detach()]), counted + 1
        if (step + 1) % 100 == 0:
            l2, l1 = (running / counted).tolist()
            running, counted = 0.0, 0
            if done >= (measured + 1) / options.measure:
                measured += 1
                report(l2=round(l2, 4), l1=round(l1, 4), dev=measure())
            else:
                report(l2=round(l2, 4), l1=round(l1, 4))
    report(dev=measure())
    torch.save({"model": average.model.state_dict(), "config": model.config.as_dict(), "options": vars(options)},
               os.path.join(folder, "last.pt"))


if __name__ == "__main__":
    main()
