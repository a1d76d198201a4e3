"""LoRA adapters in PEFT's layout, read and merged the obvious way: W + scale · B A (Hu et al., LoRA, 2021).

`adapter_config.json` says ranks, alphas and whether alpha is divided by the rank or by its root (Kalajdzievski, 2023);
`adapter_model.safetensors` holds `base_model.model.<module>.lora_A.weight` (r,in) and `.lora_B.weight` (out,r).
"""

import json
import math
import os
import re

import torch

from safetensors_file import read_safetensors

PREFIX = "base_model.model."


def by_pattern(patterns, module, otherwise):
    """The value of the first key that, as a regular expression, the module's name ends with."""
    for key, value in patterns.items():
        if re.match(rf"(.*\.)?({key})$", module):
            return value
    return otherwise


def scaling(config, module):
    rank = by_pattern(config.get("rank_pattern") or {}, module, config["r"])
    alpha = by_pattern(config.get("alpha_pattern") or {}, module, config["lora_alpha"])
    return alpha / (math.sqrt(rank) if config.get("use_rslora") else rank)


def read_adapter(folder):
    """(config, {module: what is added to its weight (out,in), in f64}, {name: tensor} of what was saved whole)."""
    with open(os.path.join(folder, "adapter_config.json")) as file:
        config = json.load(file)
    tensors = {name.removeprefix(PREFIX): tensor.double()
               for name, tensor in read_safetensors(os.path.join(folder, "adapter_model.safetensors")).items()}
    deltas, saved = {}, {}
    for name, tensor in tensors.items():
        if name.endswith(".lora_A.weight"):
            module = name.removesuffix(".lora_A.weight")
            deltas[module] = scaling(config, module) * tensors[f"{module}.lora_B.weight"] @ tensor
        elif ".lora_" not in name:
            saved[name] = tensor
    return config, deltas, saved


def merge(weights, folder):
    """The weights of a model, by the hub's names, with an adapter in them."""
    config, deltas, saved = read_adapter(folder)
    merged = dict(weights)
    for module, delta in deltas.items():
        name = f"{module}.weight"
        weight = torch.as_tensor(merged[name])
        merged[name] = weight + (delta.t() if config.get("fan_in_fan_out") else delta)
    return merged | saved
