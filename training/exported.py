"""An exported folder back as the training model: what --init starts from, and what evaluate.py measures."""

import json
import os

from classifier import GptClassifier
from model import ModelConfig
from safetensors_file import read_safetensors

NAMES = {"ln_1": "ln_1", "attn.qkv": "attn.c_attn", "attn.proj": "attn.c_proj", "ln_2": "ln_2",
         "mlp.fc": "mlp.c_fc", "mlp.proj": "mlp.c_proj"}


def load_exported(folder, **changes):
    """(model, config): the training model, in f32, from a folder in the hub's layout. `changes` are fields of
    ModelConfig, such as dropout. A folder without a head gives a new one."""
    with open(os.path.join(folder, "config.json")) as file:
        config = json.load(file)
    tensors = {name: tensor.float() for name, tensor in read_safetensors(os.path.join(folder, "model.safetensors")).items()}
    sizes = {key: config[key] for key in ("vocab_size", "n_positions", "n_embd", "n_layer", "n_head")}
    labels = len(tensors["score.weight"]) if "score.weight" in tensors else 2
    model = GptClassifier(ModelConfig(**sizes, **changes), labels)
    state = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items() if ".h." not in name}
    for layer in range(config["n_layer"]):
        for ours, hub in NAMES.items():
            weight = tensors[f"transformer.h.{layer}.{hub}.weight"]
            state[f"blocks.{layer}.{ours}.weight"] = weight if weight.ndim == 1 else weight.t()
            state[f"blocks.{layer}.{ours}.bias"] = tensors[f"transformer.h.{layer}.{hub}.bias"]
    missing = model.load_state_dict(state, strict=False).missing_keys
    assert set(missing) <= {"score.weight"}, missing
    return model.eval(), config
