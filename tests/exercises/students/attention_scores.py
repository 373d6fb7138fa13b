# Answers to the practice of chapter 12, additive scores, as students write them. See gradients.py for the form.

# right
def additive_scores(query, keys, W_a, U_a, v_a):
    B, T, _ = query.shape
    scores = np.zeros((B, T, keys.shape[1]))
    for b in range(B):
        for t in range(T):
            for s in range(keys.shape[1]):
                scores[b, t, s] = v_a @ np.tanh(W_a @ query[b, t] + U_a @ keys[b, s])
    return scores

# right
def additive_scores(query, keys, W_a, U_a, v_a):
    of_query = np.einsum("ad,btd->bta", W_a, query)
    of_key = np.einsum("ad,bsd->bsa", U_a, keys)
    return np.einsum("a,btsa->bts", v_a, np.tanh(of_query[:, :, None] + of_key[:, None]))

# right
def additive_scores(query, keys, W_a, U_a, v_a):
    q, k, W, U, v = (torch.tensor(x, dtype=torch.float32) for x in (query, keys, W_a, U_a, v_a))
    return torch.tanh((q @ W.T).unsqueeze(2) + (k @ U.T).unsqueeze(1)) @ v

# right
def additive_scores(query, keys, W_a, U_a, v_a):
    T, S = query.shape[1], keys.shape[1]
    q = np.repeat(query[:, :, None], S, axis=2)
    k = np.repeat(keys[:, None], T, axis=1)
    both = np.concatenate([q, k], axis=-1)
    return np.tanh(both @ np.hstack([W_a, U_a]).T) @ v_a

# right
def additive_scores(query, keys, W_a, U_a, v_a):
    rows = []
    for q, k in zip(query, keys):
        rows.append([(np.tanh(W_a @ one + k @ U_a.T) @ v_a).tolist() for one in q])
    return rows

# wrong: step by step
def additive_scores(query, keys, W_a, U_a, v_a):
    return np.tanh(query @ W_a.T + keys @ U_a.T) @ v_a

# wrong: tanh left out
def additive_scores(query, keys, W_a, U_a, v_a):
    return (query @ W_a.T @ v_a)[:, :, None] + (keys @ U_a.T @ v_a)[:, None]

# wrong: tanh at the end
def additive_scores(query, keys, W_a, U_a, v_a):
    return np.tanh(((query @ W_a.T)[:, :, None] + (keys @ U_a.T)[:, None]) @ v_a)

# wrong: tanh of each
def additive_scores(query, keys, W_a, U_a, v_a):
    return (np.tanh(query @ W_a.T) @ v_a)[:, :, None] + (np.tanh(keys @ U_a.T) @ v_a)[:, None]

# wrong: v inside
def additive_scores(query, keys, W_a, U_a, v_a):
    a = (query @ W_a.T)[:, :, None] + (keys @ U_a.T)[:, None]
    return np.sum(np.tanh(v_a * a), axis=-1)

# wrong: v left out
def additive_scores(query, keys, W_a, U_a, v_a):
    return np.tanh((query @ W_a.T)[:, :, None] + (keys @ U_a.T)[:, None]).sum(-1)

# wrong: hidden layer
def additive_scores(query, keys, W_a, U_a, v_a):
    return v_a * np.tanh((query @ W_a.T)[:, :, None] + (keys @ U_a.T)[:, None])

# wrong: multiplied
def additive_scores(query, keys, W_a, U_a, v_a):
    return np.tanh((query @ W_a.T)[:, :, None] * (keys @ U_a.T)[:, None]) @ v_a

# wrong: not transposed
def additive_scores(query, keys, W_a, U_a, v_a):
    return np.tanh((query @ W_a)[:, :, None] + (keys @ U_a)[:, None]) @ v_a

# wrong: keys first
def additive_scores(query, keys, W_a, U_a, v_a):
    return np.tanh((query @ W_a.T)[:, None] + (keys @ U_a.T)[:, :, None]) @ v_a

# wrong: weights
def additive_scores(query, keys, W_a, U_a, v_a):
    e = np.tanh((query @ W_a.T)[:, :, None] + (keys @ U_a.T)[:, None]) @ v_a
    return np.exp(e) / np.exp(e).sum(-1, keepdims=True)

# wrong: matrices swapped
def additive_scores(query, keys, W_a, U_a, v_a):
    return np.tanh((query @ U_a.T)[:, :, None] + (keys @ W_a.T)[:, None]) @ v_a

# wrong: another function
def additive_scores(query, keys, W_a, U_a, v_a):
    a = torch.tensor((query @ W_a.T)[:, :, None] + (keys @ U_a.T)[:, None])
    return torch.sigmoid(a) @ torch.tensor(v_a)

# wrong: exception
def additive_scores(query, keys, W_a, U_a, v_a):
    both = np.concatenate([query, keys], axis=-1)
    return np.tanh(both @ np.concatenate([W_a, U_a]).T) @ v_a

# wrong: ?
def additive_scores(query, keys, W_a, U_a, v_a):
    a = (query @ W_a.T)[:, :, None] + (keys @ U_a.T)[:, None]
    return np.tanh(a) @ v_a**2

# wrong: step by step
def additive_scores(query, keys, W_a, U_a, v_a):
    q, k, W, U, v = (torch.tensor(x) for x in (query, keys, W_a, U_a, v_a))
    return torch.tanh(q @ W.T + k @ U.T) @ v

# wrong: ?
def additive_scores(query, keys, W_a, U_a, v_a):
    u = np.tanh((query @ W_a.T)[:, None] + (keys @ U_a.T)[:, :, None])
    return u.reshape(len(query), query.shape[1], keys.shape[1], -1) @ v_a
