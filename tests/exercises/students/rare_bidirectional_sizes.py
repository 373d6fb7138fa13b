# More answers to the practice of chapter 7, part two, from one who did it. See gradients.py for the form.

# right
def future_worth(prior, likely):
    before = -(prior * np.log(prior)).sum()
    P_a = prior @ likely
    post = prior[:, None] * likely / P_a
    after = -(P_a * (post * np.log(post)).sum(0)).sum()
    return before - after

# right
def future_worth(prior, likely):
    total = 0
    for w in range(len(prior)):
        for a in range(likely.shape[1]):
            p_a = sum(prior[v] * likely[v, a] for v in range(len(prior)))
            total += prior[w] * likely[w, a] * math.log(likely[w, a] / p_a)
    return total

# right
def future_worth(prior, likely):
    p, l = torch.tensor(prior), torch.tensor(likely)
    j = p[:, None] * l
    return torch.distributions.Categorical(p).entropy() + torch.distributions.Categorical(j.sum(0)).entropy() - torch.distributions.Categorical(j.flatten()).entropy()

# right
def future_worth(prior, likely):
    H = lambda p: -np.sum(p * np.log(p))
    meal = prior @ likely
    return float(H(meal) - sum(p * H(row) for p, row in zip(prior, likely)))

# right
def future_worth(prior, likely):
    prior, likely = prior.astype(np.float32), likely.astype(np.float32)
    j = prior[:, None] * likely
    return np.array((j * np.log(likely / j.sum(0))).sum())

# right
def future_worth(prior, likely):
    joint = prior[:, None] * likely
    return [(joint * np.log(likely / joint.sum(0))).sum()][0]

# wrong: ?
def future_worth(prior, likely):
    joint = prior[:, None] * likely
    return [(joint * np.log(likely / joint.sum(0))).sum()]

# wrong: bits
def future_worth(prior, likely):
    joint = prior[:, None] * likely
    return (joint * np.log2(likely / joint.sum(0))).sum()

# wrong: exception
def future_worth(prior, likely):
    joint = prior * likely
    meal = joint.sum(axis=0)
    return (joint * np.log(joint / (prior * meal))).sum()

# wrong: meals alike
def future_worth(prior, likely):
    before = -(prior * np.log(prior)).sum()
    j = prior[:, None] * likely
    post = j / j.sum(0)
    return before + (post * np.log(post)).sum(0).mean()

# wrong: sum over meals
def future_worth(prior, likely):
    before = -(prior * np.log(prior)).sum()
    j = prior[:, None] * likely
    post = j / j.sum(0)
    return before + (post * np.log(post)).sum()

# wrong: cue forgotten
def future_worth(prior, likely):
    before = -(prior * np.log(prior)).sum()
    post = likely / likely.sum(0)
    meal = prior @ likely
    return before + (meal * (post * np.log(post)).sum(0)).sum()

# wrong: sign
def future_worth(prior, likely):
    joint = prior[:, None] * likely
    return (joint * np.log(joint.sum(0) / likely)).sum()

# wrong: before
def future_worth(prior, likely):
    return -(prior * np.log(prior)).sum()

# wrong: what remains
def future_worth(prior, likely):
    j = prior[:, None] * likely
    post = j / j.sum(0)
    return -(j * np.log(post)).sum()

# wrong: wrong condition
def future_worth(prior, likely):
    before = -(prior * np.log(prior)).sum()
    return before + (prior[:, None] * likely * np.log(likely)).sum()

# wrong: joint subtracted
def future_worth(prior, likely):
    before = -(prior * np.log(prior)).sum()
    j = prior[:, None] * likely
    return before + (j * np.log(j)).sum()

# wrong: mean of rows
def future_worth(prior, likely):
    j = prior[:, None] * likely
    return (j * np.log(likely / likely.mean(0))).sum()

# wrong: ?
def future_worth(prior, likely):
    joint = prior[:, None] * likely
    return (joint * np.log(likely / joint.sum(0))).sum(0)

# wrong: ?
def future_worth(prior, likely):
    m = prior @ likely
    return -(m * np.log(m)).sum() + (prior * np.log(prior)).sum()

# wrong: no-return
def future_worth(prior, likely):
    joint = prior[:, None] * likely
    print((joint * np.log(likely / joint.sum(0))).sum())

# wrong: wrong condition
def future_worth(prior, likely):
    joint = prior[:, None] * likely
    meal = joint.sum(axis=1, keepdims=True)
    return (joint * np.log(joint / (prior[:, None] * meal))).sum()

# wrong: ?
def future_worth(prior, likely):
    joint = prior[:, None] * likely
    q = prior[:, None] * joint.sum(0)
    return (q * np.log(q / joint)).sum()

# wrong: divergences alike
def future_worth(prior, likely):
    j = prior[:, None] * likely
    post = j / j.sum(0)
    return (post * np.log(post / prior[:, None])).sum()

# wrong: divergences alike
def future_worth(prior, likely):
    j = prior[:, None] * likely
    post = j / j.sum(0)
    return (post * np.log(post / prior[:, None])).sum(0).mean()

# wrong: chance before
def future_worth(prior, likely):
    j = prior[:, None] * likely
    post = j / j.sum(0)
    return np.log(len(prior)) + (j * np.log(post)).sum()

# wrong: words alike
def future_worth(prior, likely):
    j = likely / len(likely)
    return (j * np.log(likely / j.sum(0))).sum()

# wrong: base 10
def future_worth(prior, likely):
    joint = prior[:, None] * likely
    return (joint * np.log10(likely / joint.sum(0))).sum()

# right
def gru_parameters(D, H, layers):
    return sum(p.numel() for p in torch.nn.GRU(D, H, layers, bidirectional=True).parameters())

# right
def gru_parameters(D, H, layers):
    total, width = 0, D
    for _ in range(layers):
        total += 2 * (3 * H * width + 3 * H * H + 6 * H)
        width = 2 * H
    return total

# right
def gru_parameters(D, H, layers):
    return float(6 * H * (D + H + 2) + (layers - 1) * 6 * H * (3 * H + 2))

# right
def gru_parameters(D, H, layers):
    return np.int32(6 * H * (D + H + 2) + (layers - 1) * 6 * H * (3 * H + 2))

# right
def gru_parameters(D, H, layers):
    if layers == 0:
        return 0
    if layers == 1:
        return 6 * H * (D + H + 2)
    return gru_parameters(D, H, layers - 1) + 18 * H**2 + 12 * H

# right
def gru_parameters(D, H, layers):
    return torch.tensor(6 * H * (D + H + 2) + (layers - 1) * 6 * H * (3 * H + 2))

# wrong: one direction
def gru_parameters(D, H, layers):
    return 3 * H * (D + H + 2) + (layers - 1) * 3 * H * (3 * H + 2)

# wrong: one direction
def gru_parameters(D, H, layers):
    return 3 * H * (D + H + 2) + (layers - 1) * 3 * H * (2 * H + 2)

# wrong: four blocks
def gru_parameters(D, H, layers):
    return 8 * H * (D + H + 2) + (layers - 1) * 8 * H * (3 * H + 2)

# wrong: one block
def gru_parameters(D, H, layers):
    return 2 * H * (D + H + 2) + (layers - 1) * 2 * H * (3 * H + 2)

# wrong: one layer too many
def gru_parameters(D, H, layers):
    return 6 * H * (D + H + 2) + layers * 6 * H * (3 * H + 2)

# wrong: no-return
def gru_parameters(D, H, layers):
    print(6 * H * (D + H + 2) + (layers - 1) * 6 * H * (3 * H + 2))

# wrong: ?
def gru_parameters(D, H, layers):
    return len(list(torch.nn.GRU(D, H, layers, bidirectional=True).parameters()))

# wrong: one direction
def gru_parameters(D, H, layers):
    return sum(p.numel() for p in torch.nn.GRU(D, H, layers).parameters())

# wrong: square
def gru_parameters(D, H, layers):
    return 3 * (2 * H) * (D + 2 * H + 2) + (layers - 1) * 3 * 2 * H * (4 * H + 2)

# wrong: square above
def gru_parameters(D, H, layers):
    return 6 * H * (D + H + 2) + (layers - 1) * 6 * H * (4 * H + 2)

# wrong: ?
def gru_parameters(D, H, layers):
    return str(6 * H * (D + H + 2) + (layers - 1) * 6 * H * (3 * H + 2))

# wrong: ?
def gru_parameters(D, H, layers):
    return [6 * H * (D + H + 2)] + [6 * H * (3 * H + 2)] * (layers - 1)

# wrong: ?
def gru_parameters(D, H, layers):
    return 6 * H * (D + H) + (layers - 1) * 18 * H * H + 12 * H

# wrong: first layer times layers
def gru_parameters(D, H, layers):
    return (layers) * 6 * H * (3 * H + 2)
