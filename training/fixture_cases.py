"""The fixtures as data: each case is a config in the hub's words and how its checkpoint is stored."""


def gpt2(**fields):
    return {
        "architectures": ["GPT2LMHeadModel"],
        "model_type": "gpt2",
        "vocab_size": 120,
        "n_positions": 64,
        "n_ctx": fields.get("n_positions", 64),
        "n_embd": 32,
        "n_layer": 2,
        "n_head": 2,
        "n_inner": None,
        "activation_function": "gelu_new",
        "layer_norm_epsilon": 1e-05,
        "scale_attn_weights": True,
        "scale_attn_by_inverse_layer_idx": False,
        "reorder_and_upcast_attn": False,
        "tie_word_embeddings": True,
        "bos_token_id": fields.get("vocab_size", 120) - 1,
        "eos_token_id": fields.get("vocab_size", 120) - 1,
        **fields,
    }


def gpt1(**fields):
    return {
        "architectures": ["OpenAIGPTLMHeadModel"],
        "model_type": "openai-gpt",
        "vocab_size": 120,
        "n_positions": 512,
        "n_ctx": fields.get("n_positions", 512),
        "n_embd": 32,
        "n_layer": 2,
        "n_head": 2,
        "afn": "gelu",
        "layer_norm_epsilon": 1e-05,
        "tie_word_embeddings": True,
        **fields,
    }


def gpt_neo(**fields):
    return {
        "architectures": ["GPTNeoForCausalLM"],
        "model_type": "gpt_neo",
        "vocab_size": 120,
        "max_position_embeddings": 256,
        "hidden_size": 32,
        "num_layers": 2,
        "num_heads": 2,
        "intermediate_size": None,
        "window_size": 8,
        "attention_types": [[["global", "local"], 1]],
        "attention_layers": ["global", "local"],
        "activation_function": "gelu_new",
        "layer_norm_epsilon": 1e-05,
        "tie_word_embeddings": True,
        "bos_token_id": 119,
        "eos_token_id": 119,
        **fields,
    }


def labels(*names):
    return {
        "id2label": {str(index): name for index, name in enumerate(names)},
        "label2id": {name: index for index, name in enumerate(names)},
    }


# name -> config, and optionally: dtype; shards (files); prefix (False: names without "transformer.", with the
# mask buffers that old files carry); tokenizer (True: byte-level files beside it); first_seed (where to begin looking for a good one).
CASES = {
    "gpt2-tiny": {"config": gpt2(vocab_size=260, n_positions=256), "tokenizer": True},
    "gpt2-nhead3-nctx77": {"config": gpt2(n_embd=48, n_head=3, n_positions=77), "prefix": False},
    "gpt2-untied-eps": {"config": gpt2(tie_word_embeddings=False, layer_norm_epsilon=1e-3, n_inner=80)},
    "gpt2-sharded": {"config": gpt2(), "shards": 2},
    "gpt2-flags": {"config": gpt2(n_layer=3, scale_attn_by_inverse_layer_idx=True, activation_function="gelu")},
    "gpt2-relu-unscaled": {"config": gpt2(scale_attn_weights=False, activation_function="relu")},
    "gpt2-odd": {"config": gpt2(vocab_size=101, n_embd=36, n_head=3, n_positions=61)},
    "gpt2-f16": {"config": gpt2(torch_dtype="float16"), "dtype": "F16"},
    "gpt2-bf16": {"config": gpt2(torch_dtype="bfloat16"), "dtype": "BF16"},
    "gpt1-tiny": {"config": gpt1(), "first_seed": 600},  # the first to pass; the search took minutes
    "gpt-neo-tiny": {"config": gpt_neo()},
    "gpt2-classifier": {
        "config": gpt2(architectures=["GPT2ForSequenceClassification"], pad_token_id=118, **labels("negative", "positive"))
    },
    "gpt1-classifier": {
        "config": gpt1(architectures=["OpenAIGPTForSequenceClassification"], n_positions=64, pad_token_id=119,
                       **labels("entailment", "neutral", "contradiction"))
    },
    "gpt-neo-classifier": {
        "config": gpt_neo(architectures=["GPTNeoForSequenceClassification"], max_position_embeddings=64,
                          pad_token_id=118, **labels("negative", "positive"))
    },
}
