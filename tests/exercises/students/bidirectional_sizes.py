# Answers to the practice of chapter 7, part two, as students write them. See gradients.py for the form.

# right
def future_worth(prior, likely):
    joint = prior[:, None] * likely
    p_meal = joint.sum(axis=0)
    return np.sum(joint * np.log(joint / (prior[:, None] * p_meal)))

# right
def future_worth(prior, likely):
    before = -sum(p * math.log(p) for p in prior)
    after = 0
    for m in range(likely.shape[1]):
        p = [prior[w] * likely[w, m] for w in range(len(prior))]
        after -= sum(q * math.log(q / sum(p)) for q in p)
    return before - after

# wrong: bits
def future_worth(prior, likely):
    joint = prior[:, None] * likely
    return np.sum(joint * np.log2(joint / (prior[:, None] * joint.sum(axis=0))))

# wrong: what remains
def future_worth(prior, likely):
    joint = prior[:, None] * likely
    return -np.sum(joint * np.log(joint / joint.sum(axis=0)))

# wrong: meals alike
def future_worth(prior, likely):
    post = prior[:, None] * likely
    post = post / post.sum(axis=0)
    entropies = -(post * np.log(post)).sum(axis=0)
    return -(prior * np.log(prior)).sum() - entropies.mean()

# wrong: cue forgotten
def future_worth(prior, likely):
    post = likely / likely.sum(axis=0)
    p_meal = prior @ likely
    return -(prior * np.log(prior)).sum() + (p_meal * (post * np.log(post)).sum(axis=0)).sum()

# wrong: sign
def future_worth(prior, likely):
    joint = prior[:, None] * likely
    return np.sum(joint * np.log(prior[:, None] * joint.sum(axis=0) / joint))

# wrong: wrong condition
def future_worth(prior, likely):
    H = lambda p: -np.sum(p * np.log(p))
    return H(prior) - sum(prior[w] * H(likely[w]) for w in range(len(prior)))

# right
def gru_parameters(D, H, layers):
    total = 0
    for layer in range(layers):
        width = D if layer == 0 else 2 * H
        total += 2 * (3 * H * width + 3 * H * H + 6 * H)
    return total

# right
def gru_parameters(D, H, layers):
    gru = torch.nn.GRU(D, H, num_layers=layers, bidirectional=True)
    return sum(p.numel() for p in gru.parameters())

# wrong: upper layers read H
def gru_parameters(D, H, layers):
    return 6 * H * (D + H + 2) + (layers - 1) * 6 * H * (2 * H + 2)

# wrong: one direction
def gru_parameters(D, H, layers):
    return sum(p.numel() for p in torch.nn.GRU(D, H, num_layers=layers).parameters())

# wrong: upper layers read D
def gru_parameters(D, H, layers):
    return layers * 6 * H * (D + H + 2)

# wrong: one bias
def gru_parameters(D, H, layers):
    return 6 * H * (D + H + 1) + (layers - 1) * 6 * H * (3 * H + 1)

# wrong: four blocks
def gru_parameters(D, H, layers):
    return sum(p.numel() for p in torch.nn.LSTM(D, H, layers, bidirectional=True).parameters())

# wrong: no bias
def gru_parameters(D, H, layers):
    return 6 * H * (D + H) + (layers - 1) * 6 * H * 3 * H
