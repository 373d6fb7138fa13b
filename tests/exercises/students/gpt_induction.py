# Answers to the practice of chapter 15, what an induction head guesses, as students write them. See gradients.py.

# right
def induction(ids, V):
    B, T = ids.shape
    p = np.full((B, T, V), 1 / V)
    for b in range(B):
        for t in range(T):
            followed = [ids[b, s] for s in range(1, t + 1) if ids[b, s - 1] == ids[b, t]]
            if followed:
                p[b, t] = np.bincount(followed, minlength=V) / len(followed)
    return p

# right
def induction(ids, V):
    B, T = ids.shape
    match = np.zeros((B, T, T), dtype=bool)
    match[:, :, 1:] = ids[:, :, None] == ids[:, None, :-1]
    match &= np.tril(np.ones((T, T), dtype=bool))
    n = match.sum(-1, keepdims=True)
    return np.where(n > 0, match @ np.eye(V)[ids] / np.where(n > 0, n, 1), 1 / V)

# right
def induction(ids, V):
    out = []
    for row in ids:
        table = np.zeros((V, V))
        said = []
        for t, token in enumerate(row):
            if t:
                table[row[t - 1], token] += 1
            total = table[token].sum()
            said.append(table[token] / total if total else np.ones(V) / V)
        out.append(np.array(said))
    return np.stack(out)

# right
def induction(ids, V):
    ids = torch.tensor(ids)
    hot = torch.nn.functional.one_hot(ids, V).float()
    before = torch.zeros_like(hot)
    before[:, 1:] = hot[:, :-1]
    weights = torch.tril(hot @ before.transpose(1, 2))
    total = weights.sum(-1, keepdim=True)
    return torch.where(total > 0, weights @ hot / total.clamp(min=1), torch.tensor(1 / V))

# wrong: the token itself
def induction(ids, V):
    same = np.tril(ids[:, :, None] == ids[:, None, :])
    return same / same.sum(-1, keepdims=True) @ np.eye(V)[ids]

# wrong: the token before
def induction(ids, V):
    B, T = ids.shape
    p = np.full((B, T, V), 1 / V)
    for b in range(B):
        for t in range(T):
            before = [ids[b, s] for s in range(t) if ids[b, s + 1] == ids[b, t]]
            if before:
                p[b, t] = np.bincount(before, minlength=V) / len(before)
    return p

# wrong: the future
def induction(ids, V):
    B, T = ids.shape
    p = np.full((B, T, V), 1 / V)
    for b in range(B):
        for t in range(T):
            followed = [ids[b, s] for s in range(1, T) if ids[b, s - 1] == ids[b, t]]
            if followed:
                p[b, t] = np.bincount(followed, minlength=V) / len(followed)
    return p

# wrong: one step ahead
def induction(ids, V):
    B, T = ids.shape
    p = np.full((B, T, V), 1 / V)
    for b in range(B):
        for t in range(T):
            followed = [ids[b, s + 1] for s in range(min(t + 1, T - 1)) if ids[b, s] == ids[b, t]]
            if followed:
                p[b, t] = np.bincount(followed, minlength=V) / len(followed)
    return p

# wrong: not at t
def induction(ids, V):
    B, T = ids.shape
    p = np.full((B, T, V), 1 / V)
    for b in range(B):
        for t in range(T):
            followed = [ids[b, s] for s in range(1, t) if ids[b, s - 1] == ids[b, t]]
            if followed:
                p[b, t] = np.bincount(followed, minlength=V) / len(followed)
    return p

# wrong: the last alone
def induction(ids, V):
    p = np.full((*ids.shape, V), 1 / V)
    for b, row in enumerate(ids):
        after = {}
        for t, token in enumerate(row):
            if t:
                after[row[t - 1]] = token
            if token in after:
                p[b, t] = np.eye(V)[after[token]]
    return p

# wrong: zeros
def induction(ids, V):
    p = np.zeros((*ids.shape, V))
    for b, row in enumerate(ids):
        for t in range(len(row)):
            followed = row[1 : t + 1][row[:t] == row[t]]
            for token in followed:
                p[b, t, token] += 1 / len(followed)
    return p

# wrong: NaN
def induction(ids, V):
    hot = np.eye(V)[ids]
    before = np.concatenate([np.zeros_like(hot[:, :1]), hot[:, :-1]], 1)
    weights = np.tril(hot @ before.swapaxes(1, 2))
    return weights / weights.sum(-1, keepdims=True) @ hot

# wrong: not divided
def induction(ids, V):
    p = np.zeros((*ids.shape, V))
    for b, row in enumerate(ids):
        for t in range(len(row)):
            followed = row[1 : t + 1][row[:t] == row[t]]
            p[b, t] = np.bincount(followed, minlength=V) if len(followed) else 1 / V
    return p

# wrong: favourite
def induction(ids, V):
    p = np.full((*ids.shape, V), 1 / V)
    for b, row in enumerate(ids):
        for t in range(len(row)):
            followed = row[1 : t + 1][row[:t] == row[t]]
            if len(followed):
                p[b, t] = np.eye(V)[np.bincount(followed).argmax()]
    return p

# wrong: smoothed
def induction(ids, V):
    p = np.zeros((*ids.shape, V))
    for b, row in enumerate(ids):
        for t in range(len(row)):
            counts = np.bincount(row[1 : t + 1][row[:t] == row[t]], minlength=V) + 1
            p[b, t] = counts / counts.sum()
    return p

# wrong: weights
def induction(ids, V):
    B, T = ids.shape
    before = np.concatenate([np.full((B, 1), -1), ids[:, :-1]], 1)
    match = np.tril(ids[:, :, None] == before[:, None, :])
    return match / np.maximum(match.sum(-1, keepdims=True), 1)

# wrong: exception
def induction(ids, V):
    match = ids[:, :, None] == ids[:, None, :-1]
    return match / match.sum(-1, keepdims=True) @ np.eye(V)[ids]

# wrong: ?
def induction(ids, V):
    p = np.full((*ids.shape, V), 1 / V)
    for b, row in enumerate(ids):
        for t in range(1, len(row)):
            followed = [row[s] for s in range(1, t + 1) if row[s - 1] == row[t - 1]]
            p[b, t] = np.bincount(followed, minlength=V) / len(followed)
    return p
