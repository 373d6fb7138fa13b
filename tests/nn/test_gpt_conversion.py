"""GPT-2 of Hugging Face, from configuration: the same numbers, gradients and texts; its weights both ways."""

import os

import numpy as np
import pytest
import torch
from blocks import drawn

from seqlib.decoding import greedy, sample
from seqlib.nn import GPT, TransformerModel, from_gpt2, gpt2_options, to_gpt2

CONFIGURATIONS = 200
EXACT = {"rtol": 1e-9, "atol": 1e-9}
NONE = {"bos_token_id": None, "eos_token_id": None}
NEW = 4
every_part = pytest.mark.parametrize("part", range(4))


@pytest.fixture(scope="module")
def theirs():
    """The module of transformers that has GPT-2; it takes seconds to import."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from transformers.models.gpt2 import modeling_gpt2

    return modeling_gpt2


def made(theirs, seed=0, **options):
    """A GPT2LMHeadModel of this configuration in float64, small unless it says otherwise, with random weights."""
    small = {"vocab_size": 11, "n_embd": 8, "n_inner": 12, "n_layer": 2, "n_head": 2, "n_positions": 12}
    small |= {"resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0, "layer_norm_epsilon": 1e-3}
    return drawn(theirs.GPT2LMHeadModel(theirs.GPT2Config(**small | options | NONE)), seed).double().eval()


def some(theirs, seed):
    """A model of a random configuration, ids and the lengths of sequences, all drawn."""
    rng = np.random.default_rng(seed)
    heads, T = int(rng.integers(1, 4)), int(rng.integers(1, 8))
    options = {"vocab_size": int(rng.integers(3, 14)), "n_embd": heads * int(rng.integers(1, 5)), "n_head": heads}
    options |= {"n_inner": [None, int(rng.integers(1, 15))][rng.integers(2)], "n_layer": int(rng.integers(1, 4))}
    options |= {"n_positions": T + NEW - 1 + int(rng.integers(3)), "tie_word_embeddings": bool(rng.random() < 0.7)}
    options |= {"activation_function": str(rng.choice(["gelu_new", "gelu_pytorch_tanh", "gelu", "relu"]))}
    options |= {"layer_norm_epsilon": float(10 ** rng.uniform(-4, -1))}
    options |= {"attn_implementation": str(rng.choice(["eager", "sdpa"]))}
    B = int(rng.integers(1, 5))
    lengths = rng.integers(1, T + 1, B)
    lengths[rng.integers(B)] = T
    return made(theirs, seed, **options), torch.tensor(rng.integers(options["vocab_size"], size=(B, T))), lengths


@every_part
def test_outputs_and_gradients_are_the_same_on_random_configurations(theirs, part):
    for seed in range(part, CONFIGURATIONS, 4):
        wanted, x, lengths = some(theirs, seed)
        ours = from_gpt2(wanted)
        real = torch.arange(x.shape[1]) < torch.tensor(lengths)[:, None]
        answers = wanted(input_ids=x, attention_mask=real.long()).logits
        out, none = ours(x, lengths)
        assert none is None
        torch.testing.assert_close(out[real], answers[real], **EXACT)
        cotangent = torch.randn_like(out[real])
        for logits in (out, answers):
            (logits[real] * cotangent).sum().backward()
        with torch.no_grad():  # the gradients in the place of the weights go the same way
            for parameter in ours.parameters():
                parameter.copy_(parameter.grad)
        named, found = dict(wanted.named_parameters()), to_gpt2(ours)
        assert set(found) - set(named) <= {"lm_head.weight"}
        for key, parameter in named.items():
            torch.testing.assert_close(found[key], parameter.grad, **EXACT, msg=f"{seed} {key}")


def continued(model, prompts, numbers=None, monkeypatch=None, **options):
    """What their own `generate` writes behind prompts of different lengths, which it takes padded on the left.

    `numbers` (NEW, N): with which it draws, from the sums of its probabilities.
    """
    T = max(map(len, prompts))
    x = torch.tensor([[0] * (T - len(prompt)) + list(prompt) for prompt in prompts])
    real = torch.arange(T) >= T - torch.tensor([[len(prompt)] for prompt in prompts])
    left = None if numbers is None else iter(numbers)

    def drawn_with_them(p, num_samples):
        assert num_samples == 1
        return (p.double().cumsum(-1) <= torch.tensor(next(left))[:, None]).sum(-1, keepdim=True)

    if numbers is not None:
        monkeypatch.setattr(torch, "multinomial", drawn_with_them)
        options |= {"do_sample": True}
    whole = model.generate(x, attention_mask=real.long(), max_new_tokens=NEW, pad_token_id=0, **{"top_k": 0} | options)
    return whole[:, T:].numpy()


@every_part
def test_texts_are_the_same_on_random_configurations(theirs, part, monkeypatch):
    for seed in range(part, CONFIGURATIONS, 4):
        wanted, x, lengths = some(theirs, seed)
        ours = from_gpt2(wanted)
        prompts = [row[:n].tolist() for row, n in zip(x, lengths, strict=True)]
        found = greedy(ours, prompts, max_length=NEW)
        np.testing.assert_array_equal(found.ids, continued(wanted, prompts), err_msg=f"{seed}")
        settings = [{}, {"temperature": 0.7}, {"top_k": 2}, {"top_p": 0.8}][seed // 4 % 4]
        drawn_ids = sample(ours, prompts, rng=np.random.default_rng(seed), max_length=NEW, **settings)
        # a step of `sample` draws a number for each sequence, also for those whose prompt is still being read
        steps = np.random.default_rng(seed).random((max(lengths) + NEW, len(lengths)))
        numbers = np.stack([steps[n - min(lengths) :, i][:NEW] for i, n in enumerate(lengths)], 1)
        theirs_ids = continued(wanted, prompts, numbers, monkeypatch, **settings)
        np.testing.assert_array_equal(drawn_ids.ids, theirs_ids, err_msg=f"{seed} {settings}")
        for text in (found, drawn_ids):
            for prompt, new, scores in zip(prompts, text.ids, text.log_probs, strict=True):
                whole = torch.tensor([[*prompt, *new]])
                with torch.no_grad():
                    log_p = wanted(input_ids=whole[:, :-1]).logits.log_softmax(-1)[0, len(prompt) - 1 :]
                np.testing.assert_allclose(scores, log_p[range(NEW), new], rtol=1e-9, atol=1e-9)


def test_step_by_step_it_is_what_their_cache_gives_from_the_first_token_on(theirs):
    wanted = made(theirs)
    ours, state, cache = from_gpt2(wanted), None, None
    x = torch.randint(11, (3, 12), generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        for t in range(12):
            answer = wanted(input_ids=x[:, t : t + 1], use_cache=True, **({"cache": cache} if cache else {}))
            cache = answer.cache
            out, state = ours.step(x[:, t], state)
            torch.testing.assert_close(out, answer.logits[:, 0], **EXACT)
        for layer, own in zip(cache.layers, state, strict=True):
            torch.testing.assert_close(own.keys, layer.keys, **EXACT)
            torch.testing.assert_close(own.values, layer.values, **EXACT)


def test_weights_of_attention_are_theirs(theirs):
    wanted = made(theirs, attn_implementation="eager")
    x = torch.randint(11, (3, 6), generator=torch.Generator().manual_seed(0))
    expected = torch.stack(wanted(input_ids=x, output_attentions=True).attentions)
    torch.testing.assert_close(from_gpt2(wanted)(x, need_weights=True)[1], expected, **EXACT)


OPTIONS = [
    {},
    {"n_inner": None, "activation_function": "relu", "tie_word_embeddings": False},
    {"activation_function": "gelu", "resid_pdrop": 0.1, "embd_pdrop": 0.1, "attn_pdrop": 0.1, "n_layer": 3},
    {"initializer_range": 0.5, "layer_norm_epsilon": 0.1, "n_head": 4, "n_positions": 5},
]


@pytest.mark.parametrize("options", OPTIONS)
def test_the_way_back(theirs, options):
    wanted = made(theirs, **options).float()
    ours = from_gpt2(wanted)
    assert type(ours) is GPT
    again = theirs.GPT2LMHeadModel(theirs.GPT2Config(**gpt2_options(ours)))
    again.load_state_dict(to_gpt2(ours))
    for (key, weight), (other, expected) in zip(again.named_parameters(), wanted.named_parameters(), strict=True):
        assert key == other
        assert torch.equal(weight, expected), key
    named = ("vocab_size", "n_positions", "n_embd", "n_layer", "n_head", "activation_function", "layer_norm_epsilon")
    named += ("resid_pdrop", "embd_pdrop", "attn_pdrop", "initializer_range", "tie_word_embeddings", *NONE)
    for option in named:
        assert getattr(again.config, option) == getattr(wanted.config, option), option
    assert gpt2_options(ours)["n_inner"] == (wanted.config.n_inner or 4 * wanted.config.n_embd)
    assert all(weight.is_contiguous() for weight in to_gpt2(ours).values()), "else safetensors would not save them"
    twin = from_gpt2(again)
    for (name, weight), (other, expected) in zip(ours.state_dict().items(), twin.state_dict().items(), strict=True):
        assert name == other
        assert torch.equal(weight, expected), name
    assert gpt2_options(twin) == gpt2_options(ours)


def test_it_is_a_copy_in_the_same_mode_and_dtype(theirs):
    wanted = made(theirs)
    for training in (True, False):
        assert {part.training for part in from_gpt2(wanted.train(training)).modules()} == {training}
    ours = from_gpt2(wanted)
    assert {parameter.dtype for parameter in ours.parameters()} == {torch.float64}
    before = [parameter.clone() for parameter in wanted.parameters()]
    with torch.no_grad():
        for parameter in ours.parameters():
            parameter.zero_()
    assert all(torch.equal(*pair) for pair in zip(wanted.parameters(), before, strict=True))
    assert not any(weight.requires_grad for weight in to_gpt2(ours).values())


def test_what_has_no_counterpart_is_named(theirs):
    for options, message in [
        ({"scale_attn_weights": False}, "module.config.scale_attn_weights must be True to be converted, got False"),
        ({"scale_attn_by_inverse_layer_idx": True}, "module.config.scale_attn_by_inverse_layer_idx must be False"),
        ({"reorder_and_upcast_attn": True}, "module.config.reorder_and_upcast_attn must be False"),
        ({"add_cross_attention": True}, "module.config.add_cross_attention must be False"),
        ({"attn_pdrop": 0.5}, "module.config.attn_pdrop must be 0.0 to be converted, got 0.5"),
        ({"embd_pdrop": 0.5}, "module.config.embd_pdrop must be 0.0 to be converted, got 0.5"),
        ({"activation_function": "silu"}, "module.config.activation_function must be one of 'gelu_new', .* got 'silu'"),
    ]:
        with pytest.raises(ValueError, match=message):
            from_gpt2(made(theirs, **options))
    apart = made(theirs)
    apart.lm_head.weight = torch.nn.Parameter(apart.lm_head.weight + 1)
    with pytest.raises(ValueError, match="module must score words by their embedding"):
        from_gpt2(apart)
    with pytest.raises(TypeError, match="module must be a GPT2LMHeadModel, got GPT2Model"):
        from_gpt2(apart.transformer)
    for way in (to_gpt2, gpt2_options):
        with pytest.raises(TypeError, match="module must be a GPT, got TransformerModel"):
            way(TransformerModel(5, 5, 8, 2, 1))
