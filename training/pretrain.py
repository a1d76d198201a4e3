"""Pre-training with the language-model objective (L1): python3 pretrain.py --work DIR --minutes 90

The learning rate warms up, stays, and falls linearly to zero over the last part (--decay). How far the
run is, is the larger of its share of --steps and its share of --minutes, so that a run on a shared
machine still ends with its decay. Stop it at any time: the same command goes on from WORK/RUN/last.pt.
"""

import argparse
import json
import os
import signal
import time
from functools import partial

import torch

from batches import Mixture
from classifier import GptClassifier, from_checkpoint
from exported import load_exported
from model import ModelConfig
from muon import Muon
from parallel import ParallelGradients
from validation import load_validation, validate


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--work", required=True, help="folder with the token files; runs are kept in it")
    add("--run", default="base", help="name of this run")
    add("--init", help="an exported folder to begin from instead of random weights; its sizes are kept")
    add("--steps", type=int, default=10**9)
    add("--minutes", type=float, default=10**9, help="wall-clock budget, earlier starts of this run included")
    add("--until-epoch", type=float, help="the run's end as seconds since 1970: a budget that survives restarts")
    add("--decay", type=float, default=0.25, help="part of the run over which the rate falls to zero")
    add("--warmup", type=int, default=100, help="steps")
    add("--batch", type=int, default=16)
    add("--context", type=int, default=256)
    add("--width", type=int, default=256)
    add("--layers", type=int, default=6)
    add("--heads", type=int, default=4)
    add("--dropout", type=float, default=0.0)
    add("--mix", default="tinystories=0.6,fairytales=0.1,childrens-books=0.15,reviews=0.15")
    add("--task-weight", type=float, default=0.1, help="of L2, where the mix names labelled texts")
    add("--teacher", help="a larger model's checkpoint: its distributions are learnt beside the texts")
    add("--teach", type=float, default=0.7, help="the teacher's share of L1")
    add("--optimizer", choices=["muon", "adamw"], default="muon")
    add("--lr", type=float, default=3e-3, help="AdamW's peak rate")
    add("--muon-lr", type=float, default=0.02)
    add("--weight-decay", type=float, default=0.1, help="on matrices, AdamW")
    add("--muon-weight-decay", type=float, default=0.05)
    add("--clip", type=float, default=1.0)
    add("--seed", type=int, default=0)
    add("--threads", type=int, default=2)
    add("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    add("--compile", action="store_true", help="on a GPU: some 20 s at the start, then about twice as fast")
    add("--save-every", type=float, default=300, help="seconds between checkpoints, each with a validation")
    return parser.parse_args()


def build_optimizers(model, options):
    """Matrices inside blocks to Muon (or decayed AdamW); embeddings and vectors to AdamW."""
    matrices = [p for n, p in model.named_parameters() if p.ndim == 2 and n.startswith("blocks")]
    embeddings = [model.wte.weight, model.wpe.weight]
    vectors = [p for p in model.parameters() if p.ndim == 1]
    groups = [dict(params=embeddings, weight_decay=0.0), dict(params=vectors, weight_decay=0.0),
              dict(params=[model.score.weight], weight_decay=0.0)]
    if options.optimizer == "adamw":
        groups.append(dict(params=matrices, weight_decay=options.weight_decay))
    fused = {"fused": True} if options.device == "cuda" else {}
    optimizers = [torch.optim.AdamW(groups, lr=options.lr, betas=(0.9, 0.95), eps=1e-8, **fused)]
    if options.optimizer == "muon":
        optimizers.append(Muon(matrices, options.muon_lr, weight_decay=options.muon_weight_decay, threads=options.threads))
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["peak"] = group["lr"]
    return optimizers


def rate(step, done, options):
    """What the peak rates are multiplied by; done is the run's progress from 0 to 1."""
    if done > 1 - options.decay:
        return max(0.0, (1 - done) / options.decay)
    return min(1.0, (step + 1) / options.warmup)


def compile_parts(model):
    """One block compiled serves all of them, so that this takes seconds however deep the model is."""
    for block in model.blocks:
        block.compile()
    model.joint_loss_of = torch.compile(model.joint_loss_of)


def save(path, content):
    """Written beside and renamed, so that a kill never leaves half a checkpoint."""
    torch.save(content, path + ".new")
    os.replace(path + ".new", path)


def main():
    options = parse()
    torch.manual_seed(options.seed)
    folder = os.path.join(options.work, options.run)
    os.makedirs(folder, exist_ok=True)
    last = os.path.join(folder, "last.pt")

    if options.init:
        model, _ = load_exported(options.init, dropout=options.dropout)
        model = model.train().to(options.device)
    else:
        model = GptClassifier(ModelConfig(n_positions=options.context, n_embd=options.width, n_layer=options.layers,
                                          n_head=options.heads, dropout=options.dropout)).to(options.device)
    config = model.config
    optimizers = build_optimizers(model, options)
    mixture = Mixture(options.work, options.mix, options.context, options.device)
    valid_tokens, valid_bytes = load_validation(options.work)

    def autocast():
        return torch.autocast(options.device, dtype=torch.bfloat16)

    step, earlier = 0, 0.0
    if os.path.exists(last):
        checkpoint = torch.load(last, map_location=options.device)
        model.load_state_dict(checkpoint["model"])
        for optimizer, state in zip(optimizers, checkpoint["optimizers"]):
            optimizer.load_state_dict(state)
        step, earlier = checkpoint["step"], checkpoint["seconds"]
        torch.manual_seed(options.seed + step)  # dropout only; batches depend on (seed, step)
    began = time.time() - earlier
    budget = options.minutes * 60
    if options.until_epoch:
        budget = options.until_epoch - began

    log = open(os.path.join(folder, "log.jsonl"), "a")

    def report(**values):
        log.write(json.dumps(values) + "\n")
        log.flush()

    def checkpoint(measure=True):
        seconds = time.time() - began
        if measure:
            if options.compile:
                torch.compiler.set_stance("force_eager")  # other shapes: compiling again would take longer
            scores = validate(model, valid_tokens, valid_bytes, autocast)
            report(step=step, seconds=round(seconds), tokens=step * options.batch * options.context, valid=scores)
            if options.compile:
                torch.compiler.set_stance("default")
        save(last, {"model": model.state_dict(), "optimizers": [o.state_dict() for o in optimizers],
                    "config": config.as_dict(), "options": vars(options), "step": step, "seconds": seconds})

    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
    parameters = list(model.parameters())
    on_gpu = options.device == "cuda"
    gradients = None if on_gpu else ParallelGradients(parameters, options.threads)
    teacher = None
    if options.teacher:
        teacher = from_checkpoint(torch.load(options.teacher, map_location="cpu")).eval().to(options.device)
    if options.compile:
        compile_parts(model)
        if teacher:
            compile_parts(teacher)

    tasks = []

    def loss_of(ids, targets, labels):
        # Each thread casts weights for itself: autocast's cache is one for all of them.
        with torch.autocast(options.device, dtype=torch.bfloat16, cache_enabled=on_gpu):
            with torch.no_grad():
                taught = teacher.logits(teacher.hidden(ids)) if teacher else None
            loss, language, task = model.joint_loss(ids, targets, labels, options.task_weight, taught, options.teach)
        tasks.append(task if on_gpu else task.item())
        return loss, language

    def step_of(batch):
        """Sets .grad to the mean gradient of a batch; its L1. Nothing here waits for a GPU."""
        if on_gpu:
            loss, language = loss_of(*batch)
            loss.backward()
            return language
        parts = zip(*(t.chunk(gradients.threads) for t in batch))
        return gradients.run([partial(loss_of, *part) for part in parts])

    saved = time.time()
    running, counted = 0.0, 0
    while True:
        done = max(step / options.steps, (time.time() - began) / budget)
        if done >= 1 or stop:
            break
        factor = rate(step, done, options)
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * factor
        loss = step_of(mixture.draw(step, options.batch, options.seed))
        norm = torch.nn.utils.clip_grad_norm_(parameters, options.clip)
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        step += 1
        running, counted = running + loss, counted + 1
        if step % 50 == 0:
            running, mean_task = float(running), float(sum(tasks) / len(tasks))
            task = {"task": round(mean_task, 4)} if mean_task else {}
            report(step=step, seconds=round(time.time() - began), tokens=step * options.batch * options.context,
                   loss=round(running / counted, 4), **task, norm=round(norm.item(), 3), rate=round(factor, 4))
            running, counted = 0.0, 0
            tasks.clear()
        if time.time() - saved > options.save_every:
            checkpoint()
            saved = time.time()
    checkpoint(measure=not stop)


if __name__ == "__main__":
    main()
