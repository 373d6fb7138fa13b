"""One random configuration of a recurrent layer: what the law of test_recurrent.py is tried on."""

import random

import torch
from torch.nn.utils.rnn import PackedSequence, pack_sequence, pad_packed_sequence


class LayerCase:
    """One random configuration of a layer, with inputs, initial states, cotangents, and what needs a gradient."""

    def __init__(self, seed):
        draw = random.Random(seed)
        self.dtype = draw.choice([torch.float64, torch.float64, torch.float32])
        self.layout = draw.choice(["batched", "batched", "unbatched", "sorted", "unsorted"])
        self.arguments = {
            "input_size": draw.randint(1, 5),
            "hidden_size": draw.randint(1, 6),
            "num_layers": draw.choice([1, 1, 2, 3]),
            "bias": draw.random() < 0.8,
            "batch_first": draw.random() < 0.5,
            "bidirectional": draw.random() < 0.5,
            "dtype": self.dtype,
        }
        if self.arguments["num_layers"] > 1 and draw.random() < 0.4:
            self.arguments["dropout"] = draw.choice([0.3, 0.5, 1.0])
        self.training = draw.random() < 0.7
        T, B = draw.choice([1, 2, 3, 7]), draw.choice([1, 2, 5])
        D = self.arguments["input_size"]
        generator = torch.Generator().manual_seed(seed)
        self.normal = lambda *shape: torch.randn(shape, generator=generator, dtype=self.dtype)
        rows = self.arguments["num_layers"] * (2 if self.arguments["bidirectional"] else 1)
        self.rows = (rows,) if self.layout == "unbatched" else (rows, B)
        self.starts = draw.random() < 0.6
        if self.layout == "unbatched":
            self.x = [self.normal(T, D)]
        elif self.layout == "batched":
            shape = (B, T, D) if self.arguments["batch_first"] else (T, B, D)
            self.x = [self.normal(*shape)]
            if draw.random() < 0.3:  # not contiguous: every other feature of something larger, axes turned
                self.x = [self.normal(*shape[::-1], 2)[..., 0].permute(2, 1, 0)]
        else:
            lengths = [draw.randint(1, T) for _ in range(B)]
            if self.layout == "sorted":
                lengths.sort(reverse=True)
            self.x = [self.normal(n, D) for n in lengths]
        self.x_needs, self.hx_needs = draw.random() < 0.8, draw.random() < 0.8
        self.frozen = draw.choice([(), (), ("weight_hh_l0",), ("weight_ih", "bias_ih"), ("weight", "bias")])
        self.uses = draw.choice(["both", "both", "output", "states"])
        self.gradient = draw.choice(["derived", "derived", "derived", "autograd"])

    def run(self, layer, tensors):
        """Output, states and gradients of one layer, by name."""
        layer.train(self.training)
        for name, parameter in layer.named_parameters():
            parameter.requires_grad_(not name.startswith(self.frozen) if self.frozen else True)
        leaves = [x.detach().clone(memory_format=torch.preserve_format).requires_grad_(self.x_needs) for x in self.x]
        x = leaves[0]
        if self.layout in ("sorted", "unsorted"):
            x = pack_sequence(leaves, enforce_sorted=self.layout == "sorted")
        arguments = [x]
        initial = []
        if self.starts:
            generator = torch.Generator().manual_seed(3)
            count = len(layer.states) if hasattr(layer, "states") else 1 + (layer.mode == "LSTM")
            widths = (getattr(layer, "proj_size", 0) or layer.hidden_size, layer.hidden_size)[:count]
            for width in widths:
                state = torch.randn(*self.rows, width, generator=generator, dtype=self.dtype)
                initial.append(state.requires_grad_(self.hx_needs))
            arguments.append(initial[0] if len(initial) == 1 else tuple(initial))
        torch.manual_seed(1)  # of the dropout
        result = layer(*arguments)
        out, *finals = tensors(result)
        found = {"out": out, **{f"final {i}": s for i, s in enumerate(finals)}}
        if isinstance(result[0], PackedSequence):
            for field in ("batch_sizes", "sorted_indices", "unsorted_indices"):
                found[field] = getattr(result[0], field)
            found["padded"], found["lengths"] = pad_packed_sequence(result[0])
        used = {"both": [out, *finals], "output": [out], "states": finals}[self.uses]
        generator = torch.Generator().manual_seed(2)
        loss = sum((u * torch.randn(u.shape, generator=generator, dtype=self.dtype)).sum() for u in used)
        if loss.requires_grad:
            loss.backward()
        found |= {f"d {name}": parameter.grad for name, parameter in layer.named_parameters()}
        return found | {f"d input {i}": leaf.grad for i, leaf in enumerate([*leaves, *initial])}
