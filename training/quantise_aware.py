"""Makes a model that bears 4-bit weights: python3 quantise_aware.py --checkpoint WORK/default/last.pt --work WORK --out WORK/bears-q4/last.pt

The model learns its own distributions back, half of each batch by weights rounded as gptlet's q4 rounds them (wasm/kernels/pack-q4.ts:
groups of 32 inputs, the scale with the least squared error among a few, in bf16), half by the weights as they are. Gradients
pass the rounding as if it were not there.
"""

import argparse
import copy
import os
import time

import torch
import torch.nn as nn
from torch.nn.utils import parametrize

from batches import Mixture
from classifier import from_checkpoint

GROUP = 32
PLACES = (-9.0, -8.5, -8.0, -7.5, -7.0)  # where the extreme weight of a group is put


class RoundedTo4Bits(nn.Module):
    on = False

    def forward(self, weight):
        if not RoundedTo4Bits.on:
            return weight
        with torch.no_grad():
            groups = weight.view(-1, GROUP)
            extreme = groups.gather(1, groups.abs().argmax(1, keepdim=True))
            best, least = torch.zeros_like(groups), torch.full_like(extreme, float("inf"))
            for place in PLACES:
                scale = (extreme / place).bfloat16().float()
                scale = torch.where(scale == 0, torch.ones_like(scale), scale)
                rounded = (groups / scale).round().clamp(-8, 7) * scale
                error = (rounded - groups).square().sum(1, keepdim=True)
                better = error < least
                best, least = torch.where(better, rounded, best), torch.where(better, error, least)
            change = best.view_as(weight) - weight
        return weight + change


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--checkpoint", required=True)
    add("--work", required=True, help="folder with the token files")
    add("--out", required=True)
    add("--mix", default="tinystories=0.7,fairytales=0.1,childrens-books=0.1,reviews=0.1")
    add("--steps", type=int, default=400)
    add("--minutes", type=float, default=10**9)
    add("--batch", type=int, default=16)
    add("--lr", type=float, default=2e-4)
    add("--seed", type=int, default=0)
    add("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    options = parser.parse_args()
    torch.manual_seed(options.seed)

    checkpoint = torch.load(options.checkpoint, map_location="cpu")
    model = from_checkpoint(checkpoint).to(options.device)
    teacher = copy.deepcopy(model).eval()
    matrices = [model.wte] + [part for part in model.blocks.modules() if isinstance(part, nn.Linear)]
    for module in matrices:
        parametrize.register_parametrization(module, "weight", RoundedTo4Bits())
    mixture = Mixture(options.work, options.mix, model.config.n_positions, options.device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=options.lr, betas=(0.9, 0.98), weight_decay=0.0)

    began, figures = time.time(), []
    for step in range(options.steps):
        done = max(step / options.steps, (time.time() - began) / (options.minutes * 60))
        if done >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = options.lr * min(1.0, (step + 1) / 20) * (1 - done)
        ids, _, _ = mixture.draw(step, options.batch, options.seed)
        with torch.autocast(options.device, dtype=torch.bfloat16):
            with torch.no_grad():
                taught = teacher.logits(teacher.hidden(ids)).float().log_softmax(-1)
            losses = []
            for RoundedTo4Bits.on, rows in ((True, slice(None, None, 2)), (False, slice(1, None, 2))):
                log_p = model.logits(model.hidden(ids[rows])).float().log_softmax(-1)
                losses.append((taught[rows].exp() * (taught[rows] - log_p)).sum(-1).mean())
        RoundedTo4Bits.on = False
        sum(losses).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        figures.append([loss.item() for loss in losses])
        if step % 25 == 0:
            rounded, plain = (sum(column) / len(column) for column in zip(*figures))
            print(f"step {step}, {time.time() - began:.0f} s: nats from the model before, rounded {rounded:.4f}, as it is {plain:.4f}", flush=True)
            figures.clear()
    for module in matrices:
        parametrize.remove_parametrizations(module, "weight", leave_parametrized=False)
    os.makedirs(os.path.dirname(os.path.abspath(options.out)), exist_ok=True)
    torch.save({**checkpoint, "model": model.state_dict(), "optimizers": None}, options.out)


if __name__ == "__main__":
    main()
