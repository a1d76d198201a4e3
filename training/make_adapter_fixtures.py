"""Seeded LoRA adapters for the fixtures' models, and what the two compute together: python3 make_adapter_fixtures.py [CASE...]

The models are those of fixtures/ (GPT-2 and GPT-Neo, by reference.py) and of fixtures/families (the others, by its own
reference in NumPy), both in f64. Adapters are as large as it takes to change every logit.
"""

import json
import os
import shutil
import sys
from pathlib import Path

import torch

import reference as papers
from peft_layout import PREFIX, merge
from safetensors_file import DTYPES, write_safetensors

FIXTURES = Path(os.path.dirname(os.path.abspath(__file__))).parent / "fixtures"
MAKE = FIXTURES / "families" / "make"
CASES = {
    "gpt2": {"model": "gpt2-tiny", "targets": ["c_attn", "c_proj", "c_fc"], "fan_in_fan_out": True},
    "gpt2-one-layer": {"model": "gpt2-odd", "targets": ["attn.c_proj", "c_attn"], "fan_in_fan_out": True,
                       "layers_to_transform": [1], "lora_alpha": 5, "dtype": "F16"},
    "gpt2-classifier": {"model": "gpt2-classifier", "targets": ["c_attn"], "fan_in_fan_out": True, "task_type": "SEQ_CLS",
                        "modules_to_save": ["classifier", "score"]},
    "gpt-neo": {"model": "gpt-neo-tiny", "targets": ["q_proj", "v_proj"], "use_rslora": True, "dtype": "BF16"},
    "llama": {"model": "families/llama", "targets": ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
              "rank_pattern": {"k_proj": 3, "model.layers.0.mlp.up_proj": 6}, "alpha_pattern": {r"layers\.1\..*proj": 12},
              "dtype": "BF16"},
    "qwen2": {"model": "families/qwen2", "targets": "all-linear", "names": ["q_proj", "v_proj", "down_proj"]},
    "gpt_neox": {"model": "families/gpt_neox", "targets": ["query_key_value", "dense", "dense_h_to_4h", "dense_4h_to_h"]},
    "gptj": {"model": "families/gptj", "targets": ["q_proj", "k_proj", "v_proj", "out_proj", "fc_in"]},
    "phi3": {"model": "families/phi3", "targets": ["qkv_proj", "gate_up_proj", "down_proj", "o_proj"]},
    "lfm2": {"model": "families/lfm2", "targets": ["in_proj", "out_proj", "q_proj", "v_proj", "w1", "w3", "w2"]},
}


def families_reference():
    """The modules of fixtures/families/make, one of which is called as one here."""
    ours = sys.modules.pop("reference")
    sys.path.insert(0, str(MAKE))
    import files
    import reference as families
    sys.path.remove(str(MAKE))
    sys.modules["reference"] = ours
    return families, files


def read_weights(model):
    """(config, weights by the names that the hub's class gives them)."""
    folder = FIXTURES / model
    config = json.loads((folder / "config.json").read_text())
    if model.startswith("families/"):
        weights = families_reference()[1].read_safetensors(folder / "model.safetensors")
        return config, {name: torch.from_numpy(values) for name, values in weights.items()}
    tensors = papers.load_checkpoint(str(folder)).tensors
    return config, {name if name.startswith(("score", "lm_head")) else f"transformer.{name}": tensor
                    for name, tensor in tensors.items()}


def compute(model, config, weights, ids):
    """(T,V), or (labels) of a classifier."""
    if model.startswith("families/"):
        values = {name: tensor.numpy() for name, tensor in weights.items()}
        return torch.from_numpy(families_reference()[0].logits(config, values, ids))
    checkpoint = papers.Checkpoint(config, {name.removeprefix("transformer."): tensor for name, tensor in weights.items()})
    return (papers.classify if "score.weight" in weights else papers.logits)(checkpoint, ids)


def targeted(case, weights):
    """Modules whose name ends as one of the targets, in the layers that are meant."""
    names = case.get("names") or case["targets"]
    layers = case.get("layers_to_transform")
    modules = [name.removesuffix(".weight") for name, weight in weights.items() if name.endswith(".weight") and weight.dim() == 2]
    found = [module for module in modules if any(module.endswith(f".{name}") for name in names)]
    return [module for module in found if layers is None or any(f".{layer}." in module for layer in layers)]


def draw(case, weights, generator):
    """The tensors of the adapter's file."""
    tensors, dtype = {}, DTYPES[case.get("dtype", "F32")]
    for module in targeted(case, weights):
        shape = weights[f"{module}.weight"].shape
        outputs, inputs = reversed(shape) if case.get("fan_in_fan_out") else shape
        rank = next((value for key, value in case.get("rank_pattern", {}).items() if module.endswith(key)), 4)
        a = torch.randn((rank, inputs), generator=generator) / inputs**0.5
        b = torch.randn((outputs, rank), generator=generator) * 0.4
        tensors[f"{PREFIX}{module}.lora_A.weight"], tensors[f"{PREFIX}{module}.lora_B.weight"] = a.to(dtype), b.to(dtype)
    if "modules_to_save" in case:
        head = weights["score.weight"]
        tensors[f"{PREFIX}score.weight"] = torch.randn(head.shape, generator=generator).to(dtype)
    return tensors


def make(name):
    case, folder = CASES[name], FIXTURES / "adapters" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    config, weights = read_weights(case["model"])
    generator = torch.Generator().manual_seed(7)
    said = {"base_model_name_or_path": case["model"], "bias": "none", "inference_mode": True, "init_lora_weights": True,
            "lora_alpha": 8, "lora_dropout": 0.0, "peft_type": "LORA", "r": 4, "target_modules": case["targets"],
            "task_type": "CAUSAL_LM", "use_dora": False}
    keys = ("fan_in_fan_out", "lora_alpha", "layers_to_transform", "task_type", "modules_to_save", "use_rslora",
            "rank_pattern", "alpha_pattern")
    said |= {key: case[key] for key in keys if key in case}
    (folder / "adapter_config.json").write_text(json.dumps(said, indent=2) + "\n")
    write_safetensors(str(folder / "adapter_model.safetensors"), draw(case, weights, generator))
    merged = merge(weights, str(folder))
    ids = torch.randint(4, config["vocab_size"], (24,), generator=generator).tolist()
    plain, adapted = (compute(case["model"], config, each, ids) for each in (weights, merged))
    rows = adapted if adapted.dim() == 1 else adapted[[0, 7, 23]]
    expected = {"model": case["model"], "ids": ids, "positions": None if adapted.dim() == 1 else [0, 7, 23],
                "logits": [[float(f"{value:.7g}") for value in row] for row in rows.reshape(-1, rows.shape[-1]).tolist()]}
    (folder / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")
    size = sum(file.stat().st_size for file in folder.iterdir()) / 1000
    print(f"{name}: {size:.0f} kB, logits of {float(adapted.std()):.2f}, changed by {float((adapted - plain).std()):.2f}")


for name in sys.argv[1:] or CASES:
    make(name)
