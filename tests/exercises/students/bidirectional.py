# Answers to the practice of chapter 7, as students write them. See gradients.py for the form.

# right
def turn_round(x, lengths):
    y = np.array(x)
    for i in range(len(lengths)):
        n = lengths[i]
        for t in range(n):
            y[i, t] = x[i, n - 1 - t]
    return y

# right
def turn_round(x, lengths):
    t = torch.tensor(x)
    return torch.stack([torch.cat([row[:n].flip(0), row[n:]]) for row, n in zip(t, lengths)])

# right
def turn_round(x, lengths):
    T = x.shape[1]
    idx = np.array([list(range(n - 1, -1, -1)) + list(range(n, T)) for n in lengths])
    return np.take_along_axis(x, idx[:, :, None], axis=1)

# wrong: padding first
def turn_round(x, lengths):
    return np.flip(x, axis=1)

# wrong: batch turned
def turn_round(x, lengths):
    return np.flip(x, axis=0)

# wrong: one too few
def turn_round(x, lengths):
    y = x.copy()
    for b, n in enumerate(lengths):
        y[b, : n - 1] = x[b, : n - 1][::-1]
    return y

# wrong: padding wiped
def turn_round(x, lengths):
    y = np.zeros_like(x)
    for b, n in enumerate(lengths):
        y[b, :n] = x[b, :n][::-1]
    return y

# wrong: changes-input
def turn_round(x, lengths):
    for b, n in enumerate(lengths):
        x[b, :n] = x[b, :n][::-1].copy()
    return x

# wrong: exception
def turn_round(x, lengths):
    y = x.copy()
    for b, n in enumerate(lengths):
        for t in range(n):
            y[b, t] = x[b, lengths - 1 - t]
    return y

# wrong: entries turned
def turn_round(x, lengths):
    y = x.copy()
    for b, n in enumerate(lengths):
        y[b, :n] = x[b, :n, ::-1]
    return y

# right
def sentence_vector(out, lengths):
    H = out.shape[-1] // 2
    return np.stack([np.r_[out[b, n - 1, :H], out[b, 0, H:]] for b, n in enumerate(lengths)])

# right
def sentence_vector(out, lengths):
    out = torch.tensor(out)
    forward, backward = out.chunk(2, dim=-1)
    index = torch.tensor(lengths) - 1
    return torch.cat([forward[torch.arange(len(out)), index], backward[:, 0]], dim=1)

# wrong: last column
def sentence_vector(out, lengths):
    return out[:, -1, :]

# wrong: last step
def sentence_vector(out, lengths):
    return out[np.arange(len(lengths)), np.array(lengths) - 1]

# wrong: without lengths
def sentence_vector(out, lengths):
    H = out.shape[2] // 2
    return np.concatenate([out[:, -1, :H], out[:, 0, H:]], axis=1)

# wrong: first step
def sentence_vector(out, lengths):
    return out[:, 0]

# wrong: order
def sentence_vector(out, lengths):
    H = out.shape[2] // 2
    return np.array([np.append(out[b, 0, H:], out[b, n - 1, :H]) for b, n in enumerate(lengths)])

# wrong: one early
def sentence_vector(out, lengths):
    H = out.shape[2] // 2
    return np.array([np.append(out[b, n - 2, :H], out[b, 0, H:]) for b, n in enumerate(lengths)])

# wrong: means
def sentence_vector(out, lengths):
    return out.mean(axis=1)

# wrong: halves added
def sentence_vector(out, lengths):
    H = out.shape[2] // 2
    return np.array([out[b, n - 1, :H] + out[b, 0, H:] for b, n in enumerate(lengths)])

# right
def dx_both(dx_forward, dx_backward, lengths):
    dx = dx_forward.copy()
    for b, n in enumerate(lengths):
        dx[b, :n] += dx_backward[b, :n][::-1]
        dx[b, n:] += dx_backward[b, n:]
    return dx

# right
def dx_both(dx_forward, dx_backward, lengths):
    B, T, D = dx_forward.shape
    out = torch.tensor(dx_forward)
    for b in range(B):
        for t in range(T):
            place = lengths[b] - 1 - t if t < lengths[b] else t
            out[b, t] += torch.tensor(dx_backward[b, place])
    return out

# wrong: not turned
def dx_both(dx_forward, dx_backward, lengths):
    return dx_forward + dx_backward

# wrong: without lengths
def dx_both(dx_forward, dx_backward, lengths):
    return dx_forward + np.flip(dx_backward, 1)

# wrong: mean
def dx_both(dx_forward, dx_backward, lengths):
    back = dx_backward.copy()
    for b, n in enumerate(lengths):
        back[b, :n] = back[b, :n][::-1].copy()
    return 0.5 * (dx_forward + back)

# wrong: side by side
def dx_both(dx_forward, dx_backward, lengths):
    back = dx_backward.copy()
    for b, n in enumerate(lengths):
        back[b, :n] = dx_backward[b, :n][::-1]
    return np.concatenate([dx_forward, back], axis=-1)

# wrong: wrong one
def dx_both(dx_forward, dx_backward, lengths):
    dx = dx_forward.copy()
    for b, n in enumerate(lengths):
        dx[b, :n] = dx_forward[b, :n][::-1]
    return dx + dx_backward

# wrong: padding forgotten
def dx_both(dx_forward, dx_backward, lengths):
    dx = dx_forward.copy()
    for b, n in enumerate(lengths):
        dx[b, :n] += dx_backward[b, :n][::-1]
    return dx

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
