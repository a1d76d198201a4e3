"""Gradients and losses of tiny trainings in PyTorch, for sdk/gradients: python3 make_gradient_fixtures.py [--out ../fixtures/training]

Two models, one of GPT-2's kind and one of Llama's, in f64. Initial values, data and dropout come from one hash that both sides
have, so that the files hold what is computed and little else: `expected.json` the models as gptlet's config, every training and
its losses step by step, `gradients.f32` the gradients of the first batch, tensor after tensor.
"""

import argparse
import json
import math
import os

import torch
import torch.nn.functional as F

MASK = 2**32 - 1
STEPS, BATCH, LABELS = 50, 4, 3
DEFAULT_OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fixtures", "training")

SIZES = {"nLayer": 2, "nEmbd": 12, "nCtx": 16, "vocabSize": 31, "normEpsilon": 1e-5, "convolutionSize": 0,
         "blockKind": ["attention", "attention"], "attentionSoftCap": 0, "embeddingScale": 1, "logitScale": 1, "logitSoftCap": 0,
         "finalNorm": True, "normPlacement": "pre", "parallelBlock": False, "queryKeyNorm": "none", "eosTokenIds": [],
         "head": {"kind": "sequence-classification", "labels": ["a", "b", "c"], "bias": False}}
MODELS = {
    "gpt2": {**SIZES, "architecture": "gpt2", "nHead": 3, "nKvHead": 3, "headSize": 4, "nInner": 24, "activation": "gelu_new",
             "gatedMlp": False, "normKind": "layer", "learnedPositions": 16, "rotary": [None, None], "attentionWindow": [0, 0],
             "attentionScale": [0.5, 0.5], "biases": ["attention.qkv", "attention.projection", "mlp.up", "mlp.down"], "tiedHead": True},
    "llama": {**SIZES, "architecture": "llama", "nHead": 4, "nKvHead": 2, "headSize": 4, "nInner": 20, "activation": "silu",
              "gatedMlp": True, "normKind": "rms", "learnedPositions": 0, "rotary": [{"size": 4, "base": 100}] * 2,
              "attentionWindow": [0, 3], "attentionScale": [0.5, 0.5], "biases": [], "tiedHead": False},
}
# GPT-2 has its queries, keys and values in one matrix, Llama each by itself.
SLOTS = {
    "gpt2": [(block, linear, 0, outputs, inputs) for block in (0, 1)
             for linear, outputs, inputs in (("attention.qkv", 36, 12), ("attention.projection", 12, 12), ("mlp.down", 12, 24))],
    "llama": [(block, linear, first, outputs, inputs) for block in (0, 1)
              for linear, first, outputs, inputs in (("attention.qkv", 0, 16, 12), ("attention.qkv", 24, 8, 12), ("mlp.up", 0, 20, 12))],
}
CASES = [
    *(("gpt2", method, labels, language, 0) for method in ("full", "lora")
      for labels, language in ((0, 1), (1, 0), (1, 0.5))),
    ("gpt2", "head", 1, 0, 0),
    ("gpt2", "full", 1, 0.5, 0.1),
    ("gpt2", "lora", 1, 0.5, 0.1),
    ("llama", "full", 1, 0.5, 0),
    ("llama", "lora", 1, 0.5, 0),
]


def pcg(value):
    """32 bits to 32 bits (PCG-RXS-M-XS-32; Jarzynski and Olano, 2020)."""
    state = (value * 747796405 + 2891336453) & MASK
    word = (((state >> ((state >> 28) + 4)) ^ state) * 277803737) & MASK
    return (word >> 22) ^ word


def hashed(seed, salt, index):
    return pcg((pcg((seed + salt * 0x9E3779B9) & MASK) + index) & MASK)


def values(seed, count, scale, base=0.0):
    """`count` values around `base`, up to `scale` away, as f32 holds them."""
    return torch.tensor([base + scale * (hashed(seed, 0, i) / 2**31 - 1) for i in range(count)], dtype=torch.float64).float().double()


def shapes(config):
    """Canonical names and shapes, in the order of gptlet's weightShapes."""
    C, I, V, HS = config["nEmbd"], config["nInner"], config["vocabSize"], config["headSize"]
    A, K = config["nHead"] * HS, config["nKvHead"] * HS
    yield "tokenEmbedding", (V, C)
    if config["learnedPositions"]:
        yield "positionEmbedding", (config["learnedPositions"], C)

    def norm(name):
        yield f"{name}.weight", (1, C)
        if config["normKind"] == "layer":
            yield f"{name}.bias", (1, C)

    def linear(name, kind, outputs, inputs):
        yield f"{name}.{kind}.weight", (outputs, inputs)
        if kind in config["biases"]:
            yield f"{name}.{kind}.bias", (1, outputs)

    for layer in range(config["nLayer"]):
        block = f"blocks.{layer}"
        yield from norm(f"{block}.norm1")
        yield from linear(block, "attention.qkv", A + 2 * K, C)
        yield from linear(block, "attention.projection", C, A)
        yield from norm(f"{block}.norm2")
        yield from linear(block, "mlp.up", 2 * I if config["gatedMlp"] else I, C)
        yield from linear(block, "mlp.down", C, I)
    yield from norm("finalNorm")
    if not config["tiedHead"]:
        yield "head.weight", (V, C)
    yield "score.weight", (LABELS, C)


def tensors(config, slots, rank):
    """Each tensor's first values: seed, scale and base are in expected.json, the hash makes the rest."""
    specs = []
    for name, (rows, columns) in shapes(config):
        isnorm = "orm" in name and name.endswith("weight")
        scale = 0.2 if rows == 1 else 1.5 / math.sqrt(columns)
        specs.append({"name": name, "rows": rows, "columns": columns, "scale": round(scale, 4), "base": 1 if isnorm else 0})
    for block, linear, first, outputs, inputs in slots:
        name = f"blocks.{block}.{linear}.{first}"
        specs.append({"name": f"{name}.loraA", "rows": rank, "columns": inputs, "scale": 0.4, "base": 0})
        specs.append({"name": f"{name}.loraB", "rows": outputs, "columns": rank, "scale": 0.3, "base": 0})
    return [{**spec, "seed": 1000 + i} for i, spec in enumerate(specs)]


def examples():
    """Sequences of 1 to 9 tokens; the label can be seen from the first of them."""
    result = []
    for index in range(3 * BATCH):
        ids = [hashed(index, 7, i) % 31 for i in range(1 + hashed(index, 8, 0) % 9)]
        result.append({"ids": ids, "label": ids[0] % LABELS})
    return result


class Model:
    def __init__(self, config, weights, slots, scale, dropout):
        self.config, self.weights, self.slots, self.scale, self.dropout = config, weights, slots, scale, dropout

    def dropped(self, x, salt, seed, first):
        """Values of tokens first … of a batch, some taken away by the hash that gptlet's kernels have."""
        if self.dropout == 0:
            return x
        rows, width = x.shape
        below = round(self.dropout * 2**32)
        kept = [[hashed(seed, salt, (first + r) * width + c) >= below for c in range(width)] for r in range(rows)]
        return x * torch.tensor(kept, dtype=torch.float64) / (1 - self.dropout)

    def norm(self, name, x):
        weight, epsilon = self.weights[f"{name}.weight"][0], self.config["normEpsilon"]
        if self.config["normKind"] == "layer":
            return F.layer_norm(x, weight.shape, weight, self.weights[f"{name}.bias"][0], epsilon)
        return x * torch.rsqrt((x * x).mean(-1, keepdim=True) + epsilon) * weight

    def linear(self, block, linear, x, seed, first):
        name = f"blocks.{block}.{linear}"
        bias = self.weights.get(f"{name}.bias")
        y = F.linear(x, self.weights[f"{name}.weight"], None if bias is None else bias[0])
        for at, slot in enumerate(self.slots):
            if slot[:2] != (block, linear):
                continue
            low = f"{name}.{slot[2]}"
            inside = self.dropped(x, 2 * self.config["nLayer"] + 1 + at, seed, first)
            change = self.scale * inside @ self.weights[f"{low}.loraA"].t() @ self.weights[f"{low}.loraB"].t()
            y = y + F.pad(change, (slot[2], y.shape[1] - slot[2] - slot[3]))
        return y

    def rotated(self, x, turn):
        """x (heads, T, HS): value i turns with value i + size / 2."""
        if turn is None:
            return x
        size, T = turn["size"], x.shape[1]
        angle = torch.arange(T).double()[:, None] * turn["base"] ** (-torch.arange(0, size, 2).double() / size)
        # gptlet's tables are f32.
        cos, sin = torch.cos(angle).float().double(), torch.sin(angle).float().double()
        a, b, rest = x[..., : size // 2], x[..., size // 2 : size], x[..., size:]
        return torch.cat([a * cos - b * sin, b * cos + a * sin, rest], -1)

    def attention(self, layer, x, seed, first):
        config, T = self.config, x.shape[0]
        NH, NKV, HS = config["nHead"], config["nKvHead"], config["headSize"]
        qkv = self.linear(layer, "attention.qkv", x, seed, first)
        q, k, v = (part.view(T, -1, HS).transpose(0, 1) for part in qkv.split([NH * HS, NKV * HS, NKV * HS], -1))
        q, k = self.rotated(q, config["rotary"][layer]), self.rotated(k, config["rotary"][layer])
        k, v = (part.repeat_interleave(NH // NKV, 0) for part in (k, v))
        scores = q @ k.transpose(1, 2) * config["attentionScale"][layer]
        i, j, window = torch.arange(T)[:, None], torch.arange(T)[None, :], config["attentionWindow"][layer]
        hidden = (j > i) | ((j <= i - window) if window else False)
        mixed = torch.softmax(scores.masked_fill(hidden, -math.inf), -1) @ v
        return self.linear(layer, "attention.projection", mixed.transpose(0, 1).reshape(T, -1), seed, first)

    def feed_forward(self, layer, x, seed, first):
        up = self.linear(layer, "mlp.up", x, seed, first)
        if self.config["gatedMlp"]:
            gate, up = up.chunk(2, -1)
            return self.linear(layer, "mlp.down", F.silu(gate) * up, seed, first)
        return self.linear(layer, "mlp.down", F.gelu(up, approximate="tanh"), seed, first)

    def hidden(self, ids, seed, first):
        """(T, C) of one sequence, which begins at row `first` of its batch."""
        x = self.weights["tokenEmbedding"][ids]
        if self.config["learnedPositions"]:
            x = x + self.weights["positionEmbedding"][: len(ids)]
        x = self.dropped(x, 0, seed, first)
        for layer in range(self.config["nLayer"]):
            mixed = self.attention(layer, self.norm(f"blocks.{layer}.norm1", x), seed, first)
            x = x + self.dropped(mixed, 2 * layer + 1, seed, first)
            fed = self.feed_forward(layer, self.norm(f"blocks.{layer}.norm2", x), seed, first)
            x = x + self.dropped(fed, 2 * layer + 2, seed, first)
        return self.norm("finalNorm", x)

    def loss(self, batch, labels, language, seed):
        """Mean over examples of L2, and `language` times the mean over all predicted tokens of L1."""
        vocabulary = self.weights["tokenEmbedding" if self.config["tiedHead"] else "head.weight"]
        first, l1, predicted, l2 = 0, 0, 0, 0
        for example in batch:
            ids = torch.tensor(example["ids"])
            x = self.hidden(ids, seed, first)
            first += len(ids)
            l1 = l1 + F.cross_entropy(x[:-1] @ vocabulary.t(), ids[1:], reduction="sum")
            predicted += len(ids) - 1
            l2 = l2 + F.cross_entropy(x[-1:] @ self.weights["score.weight"].t(), torch.tensor([example["label"]]))
        return labels * l2 / len(batch) + language * l1 / predicted


ADAM_W = {"decay": 0.1, "beta1": 0.9, "beta2": 0.95, "epsilon": 1e-8, "maxNorm": 1.0}
RANK, ALPHA, RATE = 2, 4, 1e-2


def train(config, specs, slots, data, method, labels, language, dropout):
    """Losses of every step; gradients of the first, by name, of what is trained."""
    weights = {spec["name"]: values(spec["seed"], spec["rows"] * spec["columns"], spec["scale"], spec["base"]).view(spec["rows"], spec["columns"])
               for spec in specs}

    def learns(name):
        if "lora" in name:
            return method == "lora"
        if name == "score.weight":
            return labels > 0
        return method == "full" and (name != "head.weight" or language > 0)

    trained = {name: weight.requires_grad_() for name, weight in weights.items() if learns(name)}
    groups = [{"params": [w for n, w in trained.items() if (w.shape[0] > 1) == decayed], "weight_decay": decay}
              for decayed, decay in ((True, ADAM_W["decay"]), (False, 0.0))]
    optimiser = torch.optim.AdamW(groups, RATE, (ADAM_W["beta1"], ADAM_W["beta2"]), ADAM_W["epsilon"])
    model = Model(config, weights, slots if method == "lora" else [], ALPHA / RANK, dropout)
    losses, gradients = [], None
    for step in range(STEPS):
        batch = [data[(step * BATCH + i) % len(data)] for i in range(BATCH)]
        loss = model.loss(batch, labels, language, seed=step + 1)
        optimiser.zero_grad()
        loss.backward()
        gradients = gradients or {name: weight.grad.clone() for name, weight in trained.items()}
        torch.nn.utils.clip_grad_norm_(list(trained.values()), ADAM_W["maxNorm"])
        optimiser.step()
        losses.append(round(loss.item(), 6))
    return losses, gradients


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", default=DEFAULT_OUT)
    out = parser.parse_args().out
    os.makedirs(out, exist_ok=True)
    data = examples()
    expected = {"batch": BATCH, "learningRate": RATE, "adamW": ADAM_W, "rank": RANK, "alpha": ALPHA, "examples": data, "models": {},
                "cases": []}
    binary = b""
    for name, config in MODELS.items():
        specs = tensors(config, SLOTS[name], RANK)
        slots = [dict(zip(("block", "linear", "firstOutput", "outputs", "inputs"), slot)) for slot in SLOTS[name]]
        gradients = {}
        for method in ("full", "lora"):
            gradients[method] = train(config, specs, SLOTS[name], data, method, 1, 0.5, 0)[1]
        places = []
        for method, tensor_of in gradients.items():
            for tensor, gradient in tensor_of.items():
                places.append({"method": method, "name": tensor, "offset": len(binary) // 4, "length": gradient.numel()})
                binary += gradient.float().numpy().astype("<f4").tobytes()
        expected["models"][name] = {"config": config, "tensors": specs, "slots": slots, "gradients": places}
    for name, method, labels, language, dropout in CASES:
        losses, _ = train(MODELS[name], expected["models"][name]["tensors"], SLOTS[name], data, method, labels, language, dropout)
        expected["cases"].append({"model": name, "method": method, "labels": labels, "language": language, "dropout": dropout,
                                  "losses": losses})
        print(name, method, labels, language, dropout, losses[0], losses[-1], flush=True)
    with open(os.path.join(out, "expected.json"), "w") as file:
        json.dump(expected, file, separators=(",", ":"))
    with open(os.path.join(out, "gradients.f32"), "wb") as file:
        file.write(binary)


if __name__ == "__main__":
    main()
