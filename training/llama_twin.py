"""Trains the small model in Llama's layout that gptlet's engines are measured on:

sh fast-malloc.sh python3 llama_twin.py --work WORK --minutes 25

WORK holds the token files of prepare_data.py, made with the default model's tokenizer. The run ends by the clock; stop it at any
time: the same command goes on from WORK/llama-twin/last.pt. Then export_llama_twin.py.
"""

import argparse
import json
import os
import signal
import time
from dataclasses import asdict
from functools import partial

import torch

from batches import Mixture
from llama import Llama, LlamaConfig
from muon import Muon
from parallel import ParallelGradients
from pretrain import rate, save
from validation import load_validation, validate


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--work", required=True, help="folder with the token files; the run is kept in it")
    add("--steps", type=int, default=10**9)
    add("--minutes", type=float, default=25, help="wall-clock budget, earlier starts included")
    add("--decay", type=float, default=0.4, help="part of the run over which the rate falls to zero")
    add("--warmup", type=int, default=50, help="steps")
    add("--batch", type=int, default=8)
    add("--mix", default="tinystories=0.9,fairytales=0.1")
    add("--lr", type=float, default=3e-3, help="AdamW's peak rate, for embeddings and norms")
    add("--muon-lr", type=float, default=0.02)
    add("--muon-weight-decay", type=float, default=0.05)
    add("--seed", type=int, default=0)
    add("--threads", type=int, default=2)
    add("--bf16", action="store_true", help="compute in bf16, where the processor has instructions for it")
    add("--save-every", type=float, default=240, help="seconds between checkpoints, each with a validation")
    return parser.parse_args()


def main():
    options = parse()
    torch.manual_seed(options.seed)
    folder = os.path.join(options.work, "llama-twin")
    os.makedirs(folder, exist_ok=True)
    last = os.path.join(folder, "last.pt")

    model = Llama(LlamaConfig()).train()
    parameters = list(model.parameters())
    matrices = [p for name, p in model.named_parameters() if p.ndim == 2 and name.startswith("layers")]
    others = [p for p in parameters if all(p is not matrix for matrix in matrices)]
    optimizers = [
        torch.optim.AdamW(others, lr=options.lr, betas=(0.9, 0.95), eps=1e-8, weight_decay=0.0),
        Muon(matrices, options.muon_lr, weight_decay=options.muon_weight_decay, threads=options.threads,
             dtype=torch.bfloat16 if options.bf16 else torch.float32),
    ]
    peaks = [options.lr, options.muon_lr]
    T = model.config.max_position_embeddings
    mixture = Mixture(options.work, options.mix, T)
    valid_tokens, valid_bytes = load_validation(options.work)

    step, earlier = 0, 0.0
    if os.path.exists(last):
        checkpoint = torch.load(last)
        model.load_state_dict(checkpoint["model"])
        for optimizer, state in zip(optimizers, checkpoint["optimizers"]):
            optimizer.load_state_dict(state)
        step, earlier = checkpoint["step"], checkpoint["seconds"]
    began = time.time() - earlier

    def autocast():
        # Each thread casts weights for itself: autocast's cache is one for all of them.
        return torch.autocast("cpu", dtype=torch.bfloat16, enabled=options.bf16, cache_enabled=False)

    def loss_of(ids, targets):
        with autocast():
            loss = model.loss(ids, targets)
        return loss, loss

    def report(**values):
        with open(os.path.join(folder, "log.jsonl"), "a") as log:
            log.write(json.dumps({"step": step, "seconds": round(time.time() - began), "tokens": step * options.batch * T, **values}) + "\n")

    def checkpoint_now():
        seconds = time.time() - began
        save(last, {"model": model.state_dict(), "optimizers": [o.state_dict() for o in optimizers],
                    "config": asdict(model.config), "options": vars(options), "step": step, "seconds": seconds})

    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
    gradients = ParallelGradients(parameters, options.threads)
    saved, running = time.time(), []
    while not stop:
        done = max(step / options.steps, (time.time() - began) / (options.minutes * 60))
        if done >= 1:
            break
        factor = rate(step, done, options)
        for optimizer, peak in zip(optimizers, peaks):
            for group in optimizer.param_groups:
                group["lr"] = peak * factor
        ids, targets, _ = mixture.draw(step, options.batch, options.seed)
        parts = zip(ids.chunk(options.threads), targets.chunk(options.threads))
        running.append(gradients.run([partial(loss_of, *part) for part in parts]))
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        for optimizer in optimizers:
            optimizer.step()
        step += 1
        if step % 50 == 0:
            report(loss=round(sum(running) / len(running), 4), rate=round(factor, 4))
            running.clear()
        if time.time() - saved > options.save_every:
            checkpoint_now()
            report(valid=validate(model, valid_tokens[:20_000], valid_bytes * 20_000 / len(valid_tokens), autocast))
            saved = time.time()
    checkpoint_now()


if __name__ == "__main__":
    main()
