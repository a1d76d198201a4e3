"""Fine-tunes one of the small tasks: python3 finetune_head.py --task trec --init ../models/default --out WORK/heads/trec

Everything is trained; <|start|>, <|delimiter|> and <|extract|> as in the GPT paper (section 3.3). Writes a folder in the
hub's layout, which `npm run eval` reads. Weights of these tasks are not shipped: they are evidence.
"""

import argparse
import random
import time
from functools import partial

import torch
import torch.nn as nn
import torch.nn.functional as F

from byte_bpe import ByteBpe
from corpora import DEFAULT_DATA
from finetune import adamw, load_body
from head_baselines import baselines, measure
from head_tasks import TASKS
from hub_layout import export_classifier
from running_average import RunningAverage
from parallel import ParallelGradients
from transformation import padded


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--task", choices=TASKS, required=True)
    add("--init", required=True, help="the body: a checkpoint of pretrain.py (.pt) or an exported folder")
    add("--tokenizer", default="../models/default", help="folder of the tokenizer")
    add("--out", help="folder to write; not needed with --choosing")
    add("--data", default=DEFAULT_DATA)
    add("--epochs", type=int, default=3)
    add("--minutes", type=float, default=10**9, help="wall-clock budget; the rate reaches zero by its end")
    add("--tokens", type=int, default=1024, help="ids in a batch, about")
    add("--lr", type=float, default=4e-4)
    add("--lambda", dest="weight", type=float, default=0.0, help="of L1 in GPT-1's L3 = L2 + lambda L1")
    add("--average", type=int, default=0, help="steps that a running average of the weights looks back; 0 keeps the last ones")
    add("--dropout", type=float, default=0.1)
    add("--weight-decay", type=float, default=0.05)
    add("--seed", type=int, default=0)
    add("--threads", type=int, default=2)
    add("--choosing", action="store_true", help="to choose options: checks on every ninth training example, which is left out, and writes nothing")
    return parser.parse_args()


def encode(tokenizer, examples, context):
    """Sequences of ids; of texts that are too long together, the end of the first is lost."""
    start, delimiter, extract = (tokenizer.vocab[f"<|{name}|>"] for name in ("start", "delimiter", "extract"))

    def sequence(texts):
        parts = [tokenizer.encode(text) for text in texts]
        surplus = sum(map(len, parts)) + len(parts) + 1 - context
        if surplus > 0:
            parts[0] = parts[0][:-surplus]
        ids = [start]
        for index, part in enumerate(parts):
            ids += ([delimiter] if index else []) + part
        return [*ids, extract]

    return [([sequence(texts) for texts in sequences], target) for sequences, target in examples]


def grouped(examples, tokens, order):
    """Batches of examples of like length and of the same number of passes, in a random order."""
    size = lambda example: (len(example[0]), padded(max(map(len, example[0]))))
    groups = {}
    for example in order.sample(examples, len(examples)):
        groups.setdefault(size(example), []).append(example)
    result = []
    for (passes, length), members in groups.items():
        rows = max(2, tokens // (passes * length))
        result += [members[at : at + rows] for at in range(0, len(members), rows)]
    order.shuffle(result)
    return result


def logits_of(model, examples, kind, with_language=False):
    """(N,labels), with "choose" (N,passes), with "similarity" both orders added; and L1 over the sequences."""
    passes = len(examples[0][0])
    rows = [ids for sequences, _ in examples for ids in sequences]
    lengths = torch.tensor([len(ids) for ids in rows])
    batch = torch.zeros(len(rows), padded(int(lengths.max())), dtype=torch.long)
    for row, ids in enumerate(rows):
        batch[row, : len(ids)] = torch.tensor(ids)
    logits, language = model.both(batch, lengths, with_language)
    logits = logits.view(len(examples), passes, -1)
    return logits[:, :, -1] if kind == "choose" else logits.sum(dim=1), language


def main():
    options = parse()
    torch.manual_seed(options.seed)
    task, tokenizer = TASKS[options.task], ByteBpe(options.tokenizer)
    model = load_body(options.init, options.dropout, tokenizer)
    model.score = nn.Linear(model.config.n_embd, len(task.labels), bias=False)
    nn.init.normal_(model.score.weight, std=0.02)
    texts = task.load(options.data)
    if options.choosing:
        texts = [example for i, example in enumerate(texts[0]) if i % 9], texts[0][::9]
    train, dev = (encode(tokenizer, part, model.config.n_positions) for part in texts)

    order = random.Random(options.seed)
    steps = [batch for _ in range(options.epochs) for batch in grouped(train, options.tokens, order)]
    optimizer = adamw(model, options)
    gradients = ParallelGradients(model.parameters(), options.threads)

    def loss_of(examples):
        with torch.autocast("cpu", dtype=torch.bfloat16, cache_enabled=False):
            logits, language = logits_of(model, examples, task.kind, options.weight > 0)
        targets = torch.tensor([target for _, target in examples])
        loss = F.mse_loss(logits[:, 0], targets) if task.kind == "similarity" else F.cross_entropy(logits, targets)
        loss = loss + options.weight * language
        return loss, loss

    average = RunningAverage(model, options.average)
    began, taken = time.time(), 0
    for step, batch in enumerate(steps):
        done = max(step / len(steps), (time.time() - began) / (options.minutes * 60))
        if done >= 1:
            break
        factor = min(1.0, (step + 1) / 30) * (1 - done)
        for group in optimizer.param_groups:
            group["lr"] = options.lr * factor
        parts = [batch[part :: options.threads] for part in range(options.threads)]
        gradients.run([partial(loss_of, part) for part in parts if part])
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        taken = step + 1
        average.follow(taken)

    model = average.model.eval()
    with torch.no_grad():
        guesses = [logits_of(model, [example], task.kind)[0][0] for example in dev]
    guesses = [g.item() if task.kind == "similarity" else int(g.argmax()) for g in guesses]
    targets = [target for _, target in dev]
    print(f"{options.task}: {len(train)} to learn from, {taken} of {len(steps)} steps in {options.epochs} passes, {time.time() - began:.0f} s, {len(dev)} to check")
    rows = {**baselines(task, *texts), "head": measure(task, guesses, targets)}
    for name, figures in rows.items():
        print(f"  {name}: " + ", ".join(f"{metric} {value:.4f}" for metric, value in figures.items()))
    if options.choosing:
        return
    export_classifier(options.out, options.tokenizer, model, tokenizer.vocab, task.labels,
                      {"problem_type": "regression" if task.kind == "similarity" else "single_label_classification"}, {"truncation": "head"})


if __name__ == "__main__":
    main()
