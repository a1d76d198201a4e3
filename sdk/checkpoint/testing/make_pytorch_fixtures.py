"""Writes sdk/checkpoint/testing/pytorch/: tiny files by torch.save itself, for the tests of our reader.

    python3 sdk/checkpoint/testing/make_pytorch_fixtures.py     (Debian: python3-torch)

Weights are small integers over 8, exact in every type: element i of the k-th tensor is ((7 k + i) % 61 - 30) / 8.
"""
import collections
import json
import os

import torch

C, V, T, INNER = 4, 11, 6, 16
CONFIG = {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_layer": 1, "n_head": 2, "n_embd": C, "n_positions": T, "vocab_size": V}
SHAPES = {
    "wte.weight": (V, C), "wpe.weight": (T, C),
    "h.0.ln_1.weight": (C,), "h.0.ln_1.bias": (C,),
    "h.0.attn.c_attn.weight": (C, 3 * C), "h.0.attn.c_attn.bias": (3 * C,),
    "h.0.attn.c_proj.weight": (C, C), "h.0.attn.c_proj.bias": (C,),
    "h.0.ln_2.weight": (C,), "h.0.ln_2.bias": (C,),
    "h.0.mlp.c_fc.weight": (C, INNER), "h.0.mlp.c_fc.bias": (INNER,),
    "h.0.mlp.c_proj.weight": (INNER, C), "h.0.mlp.c_proj.bias": (C,),
    "ln_f.weight": (C,), "ln_f.bias": (C,),
}
folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pytorch")


def weights(dtype):
    state = collections.OrderedDict()
    for k, (name, shape) in enumerate(SHAPES.items()):
        count = torch.Size(shape).numel()
        values = (7 * k + torch.arange(count)) % 61 - 30
        state["transformer." + name] = (values.float() / 8).reshape(shape).to(dtype)
    return state


def save(case, state, config=CONFIG):
    path = os.path.join(folder, case)
    os.makedirs(path, exist_ok=True)
    torch.save(state, os.path.join(path, "pytorch_model.bin"))
    with open(os.path.join(path, "config.json"), "w") as file:
        json.dump(config, file)


# As the hub's models were saved: a tied head that shares its storage, and masks as buffers.
tied = weights(torch.float32)
tied["transformer.h.0.attn.bias"] = torch.tril(torch.ones(T, T, dtype=torch.uint8)).view(1, 1, T, T)
tied["transformer.h.0.attn.masked_bias"] = torch.tensor(-1e4)
tied["lm_head.weight"] = tied["transformer.wte.weight"]
save("tied", tied)

# Parameters in place of tensors; an untied head that shares its storage all the same, so that bytes are read twice.
shared = collections.OrderedDict((name, torch.nn.Parameter(value)) for name, value in weights(torch.float16).items())
shared["lm_head.weight"] = shared["transformer.wte.weight"]
save("shared-f16", shared, {**CONFIG, "tie_word_embeddings": False})

# Views: a transposed matrix, a slice of a larger storage.
views = weights(torch.bfloat16)
joint = "transformer.h.0.attn.c_attn.weight"
views[joint] = views[joint].t().contiguous().t()
bias = "transformer.h.0.attn.c_attn.bias"
views[bias] = torch.cat([torch.zeros(5, dtype=torch.bfloat16), views[bias], torch.zeros(3, dtype=torch.bfloat16)])[5:-3]
save("views-bf16", views)


class Evil:
    def __reduce__(self):
        return (os.system, ("echo this must never run",))


save("evil", collections.OrderedDict([("transformer.wte.weight", Evil())]))

# The format before torch 1.6: no zip archive.
path = os.path.join(folder, "legacy")
save("legacy", tied)
torch.save(tied, os.path.join(path, "pytorch_model.bin"), _use_new_zipfile_serialization=False)
