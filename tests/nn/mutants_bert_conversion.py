"""Planted bugs of seqlib.nn.bert_conversion."""

FILE = "seqlib/nn/bert_conversion.py"
TESTS = ["tests/nn/test_bert_conversion.py"]
MUTANTS = {
    "norms-swapped": ('"norm1": "attention.output.LayerNorm"', '"norm1": "output.LayerNorm"'),
    "keys-for-queries": (
        'for name in ("query", "key", "value")]\n            found[f"{here}',
        'for name in ("key", "query", "value")]\n            found[f"{here}',
    ),
    "queries-for-keys-back": (
        'for name in ("query", "key", "value")]\n            found |= dict',
        'for name in ("key", "query", "value")]\n            found |= dict',
    ),
    "eps-of-bert-base": ("eps=config.layer_norm_eps", "eps=1e-12"),
    "dropout-lost": ("dropout=config.hidden_dropout_prob", "dropout=0.0"),
    "start-lost": ("start=config.initializer_range", "start=0.02"),
    "one-block": ("for i in range(config.num_hidden_layers):", "for i in range(1):"),
    "shares-nothing-of-the-mode": ("return made.train(module.training)", "return made"),
    "bert-in-training-mode": ("return bert.train(module.training)", "return bert"),
    "in-single-precision": ("dtype=weight.dtype,", "dtype=None,"),
    "head-dropout-lost": ("given_dropout = config.classifier_dropout", "given_dropout = None"),
    "head-left-as-it-was": (
        "made.load_state_dict({ours: weights[theirs] for ours, theirs in more.items()}, strict=False)",
        "pass",
    ),
    "any-activation": ('        "hidden_act": "gelu",\n', ""),
    "decoders-too": ('        "is_decoder": False,\n', ""),
    "untied-too": ("if twin is not None and", "if False and"),
    "any-bias-of-the-decoder": ('("bias", "cls.predictions.bias"))', ")"),
    "one-dropout-of-two": ('        "attention_probs_dropout_prob": config.hidden_dropout_prob,\n', ""),
    "no-pooler-no-matter": ('if f"{prefix}pooler.dense.weight" not in weights:', "if not weights:"),
    "decoder-lost": ('        found["cls.predictions.decoder.weight"] = weights["words.weight"]\n', ""),
    "options-of-another-depth": ('"num_hidden_layers": len(bert.core.blocks)', '"num_hidden_layers": 12'),
    "options-without-segments": ('"type_vocab_size": bert.segments.num_embeddings,\n        ', ""),
    "options-without-eps": ('        "layer_norm_eps": bert.norm.eps,\n', ""),
    "options-without-labels": (
        'found |= {"num_labels": module.readout.out_features, "classifier_dropout": module.head_dropout}',
        "pass",
    ),
    "positions-for-segments": (
        '"segments.weight": "embeddings.token_type_embeddings.weight"',
        '"segments.weight": "embeddings.position_embeddings.weight"',
    ),
    "a-bias-lost": ('    "pair.bias": "cls.seq_relationship.bias",\n', ""),
}
