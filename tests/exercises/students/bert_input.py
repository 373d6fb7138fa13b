# Answers to the practice of chapter 14, three embeddings and a norm, as students write them. See gradients.py.

# right
def bert_input(ids, E, P, S, gain, bias, eps):
    B, T = ids.shape
    out = np.zeros((B, T, E.shape[1]))
    for b in range(B):
        segment = 0
        for t in range(T):
            v = E[ids[b, t]] + P[t] + S[segment]
            out[b, t] = gain * (v - v.mean()) / math.sqrt(v.var() + eps) + bias
            if ids[b, t] == 5:
                segment = 1
    return out

# right
def bert_input(ids, E, P, S, gain, bias, eps):
    is_sep = ids == 5
    segments = (np.cumsum(is_sep, axis=1) - is_sep > 0).astype(int)
    x = E[ids] + P[np.arange(ids.shape[1])][None] + S[segments]
    mean = x.mean(axis=2, keepdims=True)
    var = ((x - mean) ** 2).mean(axis=2, keepdims=True)
    return gain * (x - mean) / np.sqrt(var + eps) + bias

# right
def bert_input(ids, E, P, S, gain, bias, eps):
    first = np.array([list(row).index(5) for row in ids])
    segments = np.arange(ids.shape[1]) > first[:, None]
    E, P, S = (table.astype(np.float32) for table in (E, P, S))
    x = E[ids] + P[: ids.shape[1]] + np.where(segments[..., None], S[1], S[0])
    x = x - x.mean(-1, keepdims=True)
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + np.float32(eps)) * gain.astype(np.float32) + bias.astype(np.float32)

# right
def bert_input(ids, E, P, S, gain, bias, eps):
    hot = np.eye(len(E))[ids]
    T = ids.shape[1]
    behind = np.minimum((ids == 5) @ np.triu(np.ones((T, T)), 1), 1)[..., None]
    x = hot @ E + P[:T] + (1 - behind) * S[0] + behind * S[1]
    D = x.shape[-1]
    x = x @ (np.eye(D) - 1 / D)
    return (x * ((x**2).sum(-1, keepdims=True) / D + eps) ** -0.5 * gain + bias).tolist()

# wrong: segments left out
def bert_input(ids, E, P, S, gain, bias, eps):
    x = E[ids] + P[: ids.shape[1]] + S[np.zeros_like(ids)]
    return gain * (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps) + bias

# wrong: places left out
def bert_input(ids, E, P, S, gain, bias, eps):
    sep = (ids == 5).cumsum(1)
    x = E[ids] + S[(sep - (ids == 5) > 0) * 1]
    return gain * (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps) + bias

# wrong: places from 1
def bert_input(ids, E, P, S, gain, bias, eps):
    sep = (ids == 5).cumsum(1)
    x = E[ids] + P[1 : 1 + ids.shape[1]] + S[(sep - (ids == 5) > 0) * 1]
    return gain * (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps) + bias

# wrong: places anew
def bert_input(ids, E, P, S, gain, bias, eps):
    out = np.zeros((*ids.shape, E.shape[1]))
    for b, row in enumerate(ids):
        segment, place = 0, 0
        for t, word in enumerate(row):
            v = E[word] + P[place] + S[segment]
            out[b, t] = gain * (v - v.mean()) / np.sqrt(v.var() + eps) + bias
            place += 1
            if word == 5 and segment == 0:
                segment, place = 1, 0
    return out

# wrong: <sep> too early
def bert_input(ids, E, P, S, gain, bias, eps):
    x = E[ids] + P[: ids.shape[1]] + S[np.minimum((ids == 5).cumsum(1), 1)]
    return gain * (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps) + bias

# wrong: a third segment
def bert_input(ids, E, P, S, gain, bias, eps):
    x = E[ids] + P[: ids.shape[1]] + S[np.cumsum(ids == 5, axis=1)]
    return gain * (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps) + bias

# wrong: side by side
def bert_input(ids, E, P, S, gain, bias, eps):
    sep = (ids == 5).cumsum(1)
    places = np.repeat(P[None, : ids.shape[1]], len(ids), 0)
    return np.concatenate([E[ids], places, S[(sep - (ids == 5) > 0) * 1]], axis=2)

# wrong: a mean
def bert_input(ids, E, P, S, gain, bias, eps):
    sep = (ids == 5).cumsum(1)
    x = (E[ids] + P[: ids.shape[1]] + S[(sep - (ids == 5) > 0) * 1]) / 3
    return gain * (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps) + bias

# wrong: root of D
def bert_input(ids, E, P, S, gain, bias, eps):
    sep = (ids == 5).cumsum(1)
    x = E[ids] * E.shape[1] ** 0.5 + P[: ids.shape[1]] + S[(sep - (ids == 5) > 0) * 1]
    return gain * (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps) + bias

# wrong: words normed
def bert_input(ids, E, P, S, gain, bias, eps):
    sep, x = (ids == 5).cumsum(1), E[ids]
    x = gain * (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps) + bias
    return x + P[: ids.shape[1]] + S[(sep - (ids == 5) > 0) * 1]

# wrong: not normalised
def bert_input(ids, E, P, S, gain, bias, eps):
    sep = (ids == 5).cumsum(1)
    return E[ids] + P[: ids.shape[1]] + S[(sep - (ids == 5) > 0) * 1]

# wrong: another axis
def bert_input(ids, E, P, S, gain, bias, eps):
    sep = (ids == 5).cumsum(1)
    x = E[ids] + P[: ids.shape[1]] + S[(sep - (ids == 5) > 0) * 1]
    return gain * (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + eps) + bias

# wrong: D - 1
def bert_input(ids, E, P, S, gain, bias, eps):
    sep = (ids == 5).cumsum(1)
    x = E[ids] + P[: ids.shape[1]] + S[(sep - (ids == 5) > 0) * 1]
    return gain * (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True, ddof=1) + eps) + bias

# wrong: eps outside the root
def bert_input(ids, E, P, S, gain, bias, eps):
    sep = (ids == 5).cumsum(1)
    x = E[ids] + P[: ids.shape[1]] + S[(sep - (ids == 5) > 0) * 1]
    return gain * (x - x.mean(-1, keepdims=True)) / (x.std(-1, keepdims=True) + eps) + bias

# wrong: exception
def bert_input(ids, E, P, S, gain, bias, eps):
    x = E[ids] + P + S[(ids == 5).cumsum(1) > 0]
    return gain * (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps) + bias

# wrong: ?
def bert_input(ids, E, P, S, gain, bias, eps):
    half = np.arange(ids.shape[1]) >= ids.shape[1] // 2
    x = E[ids] + P[: ids.shape[1]] + S[half * 1]
    return gain * (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps) + bias
