"""Mamba of Hugging Face, from configuration: the same numbers, gradients and texts; its weights both ways."""

import os
import warnings

import numpy as np
import pytest
import torch
from blocks import DOUBLE, drawn

from seqlib.decoding import greedy
from seqlib.nn import Mamba, MinGRU, RecurrentModel, from_mamba, mamba_options, to_mamba

CONFIGURATIONS = 80
EXACT = {"rtol": 1e-9, "atol": 1e-9}
NONE = {"bos_token_id": None, "eos_token_id": None, "pad_token_id": None}
every_part = pytest.mark.parametrize("part", range(2))


@pytest.fixture(scope="module")
def theirs():
    """The module of transformers that has Mamba; it takes seconds to import."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from transformers.models.mamba import modeling_mamba

    return modeling_mamba


@pytest.fixture
def double(monkeypatch):
    """What they compute in single precision whatever the dtype of the weights, in double."""
    monkeypatch.setattr(torch, "float32", torch.float64)
    monkeypatch.setattr(torch.Tensor, "float", torch.Tensor.double)


def config(theirs, **options):
    small = {"vocab_size": 11, "hidden_size": 6, "state_size": 3, "num_hidden_layers": 2, "layer_norm_epsilon": 1e-3}
    return theirs.MambaConfig(**small | options | NONE)


def made(theirs, seed=0, **options):
    """A MambaForCausalLM of this configuration, small unless it says otherwise, with random weights."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return drawn(theirs.MambaForCausalLM(config(theirs, **options)), seed).double().eval()


def some(theirs, seed):
    """A model of a random configuration, and ids."""
    rng = np.random.default_rng(seed)
    options = {"vocab_size": int(rng.integers(3, 14)), "hidden_size": int(rng.integers(1, 20))}
    options |= {"state_size": int(rng.integers(1, 6)), "num_hidden_layers": int(rng.integers(1, 4))}
    options |= {"expand": int(rng.integers(1, 4)), "conv_kernel": int(rng.integers(2, 6))}
    options |= {"time_step_rank": ["auto", int(rng.integers(1, 4))][rng.integers(2)]}
    options |= {"use_bias": bool(rng.random() < 0.5), "use_conv_bias": bool(rng.random() < 0.5)}
    options |= {"tie_word_embeddings": bool(rng.random() < 0.5), "hidden_act": str(rng.choice(["silu", "swish"]))}
    options |= {"layer_norm_epsilon": float(10 ** rng.uniform(-4, -1))}
    x = rng.integers(options["vocab_size"], size=(int(rng.integers(1, 5)), int(rng.integers(1, 24))))
    return made(theirs, seed, **options), torch.tensor(x)


@every_part
def test_outputs_and_gradients_are_the_same_on_random_configurations(theirs, double, part):
    for seed in range(part, CONFIGURATIONS, 2):
        wanted, x = some(theirs, seed)
        ours = from_mamba(wanted)
        answers, out = wanted(input_ids=x, use_cache=False).logits, ours(x)[0]
        torch.testing.assert_close(out, answers, **EXACT, msg=f"{seed}")
        cotangent = torch.randn_like(out)
        for logits in (out, answers):
            (logits * cotangent).sum().backward()
        with torch.no_grad():  # the gradients in the place of the weights go the same way
            for parameter in ours.parameters():
                parameter.copy_(parameter.grad)
        named, found = dict(wanted.named_parameters()), to_mamba(ours)
        assert set(found) - set(named) <= {"lm_head.weight"}
        for key, parameter in named.items():
            torch.testing.assert_close(found[key], parameter.grad, **EXACT, msg=f"{seed} {key}")


@every_part
def test_with_their_cache_from_the_first_token_on(theirs, double, part):
    for seed in range(part, CONFIGURATIONS, 2):
        wanted, x = some(theirs, seed)
        ours, state, cache = from_mamba(wanted), None, None
        with torch.no_grad():
            for t in range(x.shape[1]):
                answer = wanted(input_ids=x[:, t : t + 1], use_cache=True, **({"cache": cache} if cache else {}))
                cache = answer.cache
                out, state = ours.step(x[:, t], state)
                torch.testing.assert_close(out, answer.logits[:, 0], **EXACT, msg=f"{seed} {t}")
        for layer, (_, (_, h)) in zip(cache.layers, state, strict=True):
            torch.testing.assert_close(h, layer.recurrent_states[0], **EXACT)


def test_texts_are_the_same(theirs, double):
    for seed in range(8):
        wanted, x = some(theirs, seed)
        found = greedy(from_mamba(wanted), x.numpy(), max_length=6).ids
        whole = wanted.generate(x, attention_mask=torch.ones_like(x), max_new_tokens=6, do_sample=False, pad_token_id=0)
        np.testing.assert_array_equal(found, whole[:, x.shape[1] :].numpy(), err_msg=f"{seed}")


def test_as_it_is_in_single_precision(theirs):
    wanted = made(theirs).float()
    x = torch.randint(11, (3, 40), generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(from_mamba(wanted)(x)[0], wanted(input_ids=x).logits, rtol=1e-4, atol=1e-4)


def test_a_mixer_alone(theirs, double):
    wanted = drawn(theirs.MambaMixer(config(theirs, use_bias=True), layer_idx=0)).double().eval()
    ours, x = from_mamba(wanted), torch.randn(3, 9, 6, **DOUBLE)
    assert type(ours) is Mamba
    torch.testing.assert_close(ours(x)[0], wanted(x), **EXACT)
    again = theirs.MambaMixer(config(theirs, **mamba_options(ours)), layer_idx=0)
    again.load_state_dict(to_mamba(ours))
    torch.testing.assert_close(again.double().eval()(x), wanted(x), **EXACT)


OPTIONS = [
    {},
    {"expand": 1, "use_bias": True, "tie_word_embeddings": False},
    {"hidden_size": 7, "expand": 3, "use_conv_bias": False, "conv_kernel": 2, "num_hidden_layers": 1},
    {"time_step_rank": 3, "state_size": 5, "layer_norm_epsilon": 0.1, "vocab_size": 5},
]


@pytest.mark.parametrize("options", OPTIONS)
def test_the_way_back(theirs, options):
    wanted = made(theirs, **options).float()
    ours = from_mamba(wanted)
    assert type(ours) is RecurrentModel
    again = theirs.MambaForCausalLM(theirs.MambaConfig(**mamba_options(ours)))
    again.load_state_dict(to_mamba(ours))
    for (key, weight), (other, expected) in zip(again.named_parameters(), wanted.named_parameters(), strict=True):
        assert key == other
        assert torch.equal(weight, expected), key
    named = ("vocab_size", "hidden_size", "state_size", "num_hidden_layers", "layer_norm_epsilon", "conv_kernel")
    named += ("use_bias", "use_conv_bias", "time_step_rank", "tie_word_embeddings", "intermediate_size", *NONE)
    for option in named:
        assert getattr(again.config, option) == getattr(wanted.config, option), option
    assert all(weight.is_contiguous() for weight in to_mamba(ours).values()), "else safetensors would not save them"
    twin = from_mamba(again)
    for (name, weight), (other, expected) in zip(ours.state_dict().items(), twin.state_dict().items(), strict=True):
        assert name == other
        assert torch.equal(weight, expected), name
    assert mamba_options(twin) == mamba_options(ours)


def test_it_is_a_copy_in_the_same_mode_and_dtype(theirs):
    wanted = made(theirs)
    for training in (True, False):
        assert {part.training for part in from_mamba(wanted.train(training)).modules()} == {training}
    ours = from_mamba(wanted)
    assert {parameter.dtype for parameter in ours.parameters()} == {torch.float64}
    before = [parameter.clone() for parameter in wanted.parameters()]
    with torch.no_grad():
        for parameter in ours.parameters():
            parameter.zero_()
    assert all(torch.equal(*pair) for pair in zip(wanted.parameters(), before, strict=True))
    assert not any(weight.requires_grad for weight in to_mamba(ours).values())


def ours(mixer=Mamba, hidden_size=0, **options):
    usual = {"norm": "rms", "tied": True, "embedding_scale": 1.0, "readout_bias": False}
    return RecurrentModel(5, 5, 4, 2, mixer, hidden_size, **usual | options)


def test_what_has_no_counterpart_is_named(theirs):
    with pytest.raises(ValueError, match=r"module.config.hidden_act must be 'silu' to be converted, got 'gelu'"):
        from_mamba(made(theirs, hidden_act="gelu"))
    apart = made(theirs)
    apart.lm_head.weight = torch.nn.Parameter(apart.lm_head.weight + 1)
    with pytest.raises(ValueError, match="module must score words by their embedding"):
        from_mamba(apart)
    with pytest.raises(TypeError, match="module must be a MambaForCausalLM or a MambaMixer, got MambaModel"):
        from_mamba(apart.backbone)
    mamba_options(ours())
    different = iter([2, 3])
    for way in (to_mamba, mamba_options):
        for wrong, message in [
            (ours(hidden_size=3), "module must have hidden_size=0 to be converted, got 3"),
            (ours(convolution=2), "module must have convolution=None to be converted, got 2"),
            (ours(norm="layer"), "module must have norm='rms' to be converted, got 'layer'"),
            (ours(readout_bias=True), "module must have readout_bias=False"),
            (ours(embedding_scale=2.0), r"module must have embedding_scale=1.0 to be converted, got 2.0"),
            (ours(dropout=0.5), r"module must have dropout=0.0 to be converted, got 0.5"),
            (RecurrentModel(None, 5, 4, 1, Mamba, 0, input_size=3, norm="rms", readout_bias=False), "input_size=None"),
            (ours(lambda d: Mamba(d, rule="zero-order hold")), "module must have rule='mixed'"),
            (ours(lambda d: Mamba(d, hidden_size=6)), "module must have a hidden_size that is a multiple of d_model=4"),
            (ours(lambda d: Mamba(d, negative_eigenvalues=True)), "no negative eigenvalues"),
        ]:
            with pytest.raises(ValueError, match=message):
                way(wrong)
        for wrong in (torch.nn.Linear(1, 1), ours(lambda d: MinGRU(d, d))):
            with pytest.raises(TypeError, match="module must be a Mamba or a RecurrentModel of them"):
                way(wrong)
    with pytest.raises(ValueError, match="module must have the same mixer in every block"):
        mamba_options(ours(lambda d: Mamba(d, next(different))))
