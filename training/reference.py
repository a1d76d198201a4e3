"""GPT-1, GPT-2 and GPT-Neo, slow and obvious, run straight from a checkpoint folder in the hub's layout.

Written from the papers and the meaning of the hub's config fields; everything is computed in f64, so
that what it says is the truth to f32 backends. Shapes: T tokens, C channels, V vocabulary, NH heads,
HS head size. `python3 check_reference.py` compares it with the hub's own numbers.
"""

import glob
import json
import math
import os
from dataclasses import dataclass

import torch
import torch.nn.functional as F

from safetensors_file import read_safetensors

ACTIVATIONS = {
    "gelu": F.gelu,
    "gelu_new": lambda x: F.gelu(x, approximate="tanh"),
    "gelu_fast": lambda x: F.gelu(x, approximate="tanh"),  # the same formula, factored differently
    "gelu_pytorch_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "quick_gelu": lambda x: x * torch.sigmoid(1.702 * x),
    "relu": F.relu,
    "silu": F.silu,
    "swish": F.silu,
    "tanh": torch.tanh,
}


@dataclass
class Checkpoint:
    config: dict
    tensors: dict  # without the optional "transformer." prefix, in f64


def load_checkpoint(folder):
    with open(os.path.join(folder, "config.json")) as file:
        config = json.load(file)
    tensors = {}
    for path in sorted(glob.glob(os.path.join(folder, "*.safetensors"))):
        for name, tensor in read_safetensors(path).items():
            if tensor.dtype.is_floating_point:
                tensors[name.removeprefix("transformer.")] = tensor.double()
    return Checkpoint(config, tensors)


def attend(q, k, v, heads, scale, window=None):
    """q, k, v (T,C) -> (T,C). Token i sees tokens i-window+1 .. i, or 0 .. i without a window."""
    T, C = q.shape
    q, k, v = (x.view(T, heads, C // heads).transpose(0, 1) for x in (q, k, v))  # (NH,T,HS)
    scores = (q @ k.transpose(1, 2)) * scale  # (NH,T,T)
    i, j = torch.arange(T).view(T, 1), torch.arange(T).view(1, T)
    hidden = j > i
    if window is not None:
        hidden = hidden | (j <= i - window)
    probabilities = torch.softmax(scores.masked_fill(hidden, -math.inf), dim=-1)
    return (probabilities @ v).transpose(0, 1).reshape(T, C)


class Layer:
    """One block's tensors by their short names, and the operations that read them."""

    def __init__(self, checkpoint, index):
        self.tensors, self.prefix = checkpoint.tensors, f"h.{index}."
        self.epsilon = checkpoint.config.get("layer_norm_epsilon", 1e-5)

    def conv1d(self, name, x):  # weight (in,out)
        return x @ self.tensors[f"{self.prefix}{name}.weight"] + self.tensors[f"{self.prefix}{name}.bias"]

    def linear(self, name, x):  # weight (out,in), bias optional
        y = x @ self.tensors[f"{self.prefix}{name}.weight"].t()
        bias = self.tensors.get(f"{self.prefix}{name}.bias")
        return y if bias is None else y + bias

    def norm(self, name, x):
        weight, bias = self.tensors[f"{self.prefix}{name}.weight"], self.tensors[f"{self.prefix}{name}.bias"]
        return F.layer_norm(x, weight.shape, weight, bias, self.epsilon)


def gpt2_hidden(checkpoint, ids):
    config, tensors = checkpoint.config, checkpoint.tensors
    activation = ACTIVATIONS[config.get("activation_function", "gelu_new")]
    heads = config["n_head"]
    x = tensors["wte.weight"][ids] + tensors["wpe.weight"][: len(ids)]
    for index in range(config["n_layer"]):
        layer = Layer(checkpoint, index)
        scale = (config["n_embd"] // heads) ** -0.5 if config.get("scale_attn_weights", True) else 1.0
        if config.get("scale_attn_by_inverse_layer_idx", False):
            scale /= index + 1
        q, k, v = layer.conv1d("attn.c_attn", layer.norm("ln_1", x)).split(config["n_embd"], dim=-1)
        x = x + layer.conv1d("attn.c_proj", attend(q, k, v, heads, scale))
        x = x + layer.conv1d("mlp.c_proj", activation(layer.conv1d("mlp.c_fc", layer.norm("ln_2", x))))
    return F.layer_norm(x, x.shape[-1:], tensors["ln_f.weight"], tensors["ln_f.bias"],
                        config.get("layer_norm_epsilon", 1e-5))


def gpt1_hidden(checkpoint, ids):
    """Norms come after the additions, and there is none at the end. `afn` "gelu" means its tanh form."""
    config, tensors = checkpoint.config, checkpoint.tensors
    name = config.get("afn", "gelu")
    activation = ACTIVATIONS["gelu_new" if name == "gelu" else name]
    heads = config["n_head"]
    x = tensors["tokens_embed.weight"][ids] + tensors["positions_embed.weight"][: len(ids)]
    for index in range(config["n_layer"]):
        layer = Layer(checkpoint, index)
        q, k, v = layer.conv1d("attn.c_attn", x).split(config["n_embd"], dim=-1)
        scale = (config["n_embd"] // heads) ** -0.5
        x = layer.norm("ln_1", x + layer.conv1d("attn.c_proj", attend(q, k, v, heads, scale)))
        x = layer.norm("ln_2", x + layer.conv1d("mlp.c_proj", activation(layer.conv1d("mlp.c_fc", x))))
    return x


def attention_layers(config):
    """GPT-Neo's pattern: attention_types [[["global","local"],6]] is that pair six times."""
    if "attention_layers" in config:
        return config["attention_layers"]
    return [kind for kinds, times in config["attention_types"] for _ in range(times) for kind in kinds]


def gpt_neo_hidden(checkpoint, ids):
    """Every other layer sees a window only, and scores are not scaled by the head size."""
    config, tensors = checkpoint.config, checkpoint.tensors
    activation = ACTIVATIONS[config.get("activation_function", "gelu_new")]
    x = tensors["wte.weight"][ids] + tensors["wpe.weight"][: len(ids)]
    for index, kind in enumerate(attention_layers(config)):
        layer = Layer(checkpoint, index)
        h = layer.norm("ln_1", x)
        q, k, v = (layer.linear(f"attn.attention.{part}_proj", h) for part in "qkv")
        window = config.get("window_size", 256) if kind == "local" else None
        mixed = attend(q, k, v, config["num_heads"], 1.0, window)
        x = x + layer.linear("attn.attention.out_proj", mixed)
        x = x + layer.linear("mlp.c_proj", activation(layer.linear("mlp.c_fc", layer.norm("ln_2", x))))
    return F.layer_norm(x, x.shape[-1:], tensors["ln_f.weight"], tensors["ln_f.bias"],
                        config.get("layer_norm_epsilon", 1e-5))


HIDDEN = {"gpt2": gpt2_hidden, "openai-gpt": gpt1_hidden, "gpt_neo": gpt_neo_hidden}


def hidden(checkpoint, ids):
    """ids (a list of T) -> last hidden state (T,C)."""
    return HIDDEN[checkpoint.config["model_type"]](checkpoint, torch.tensor(ids))


def logits(checkpoint, ids):
    """ids (a list of T) -> logits (T,V). A tied head reads the token embedding, whatever else is stored."""
    tensors = checkpoint.tensors
    if checkpoint.config.get("tie_word_embeddings", True):
        head = tensors.get("wte.weight", tensors.get("tokens_embed.weight"))
    else:
        head = tensors["lm_head.weight"]
    return hidden(checkpoint, ids) @ head.t()


def greedy(checkpoint, prompt, count):
    """The `count` most likely continuations one by one, and the smallest lead of a winner."""
    ids, smallest = list(prompt), math.inf
    for _ in range(count):
        best = logits(checkpoint, ids)[-1].topk(2)
        first, second = best.values.tolist()
        smallest = min(smallest, first - second)
        ids.append(int(best.indices[0]))
    return ids[len(prompt) :], smallest


def classify(checkpoint, ids):
    """Head logits (labels,) from the last hidden state; the hub reads it at the last token that is no padding."""
    return hidden(checkpoint, ids)[-1] @ checkpoint.tensors["score.weight"].t()
