# Answers to the practice of chapter 16, a minGRU, as students write them. See gradients.py for the form.

# right
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    h, hs = h0, []
    for t in range(x.shape[1]):
        z = 1 / (1 + np.exp(-(x[:, t] @ W_z.T + b_z)))
        n = x[:, t] @ W_n.T + b_n
        h = (1 - z) * h + z * n
        hs.append(h)
    return np.stack(hs, axis=1)

# right
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    z = 1 / (1 + np.exp(-np.einsum("hd,btd->bth", W_z, x) - b_z))
    n = np.einsum("hd,btd->bth", W_n, x) + b_n
    a, b = 1 - z, z * n
    b[:, 0] += a[:, 0] * h0
    d = 1
    while d < x.shape[1]:
        b = np.concatenate([b[:, :d], a[:, d:] * b[:, :-d] + b[:, d:]], 1)
        a = np.concatenate([a[:, :d], a[:, d:] * a[:, :-d]], 1)
        d *= 2
    return b

# right
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    # factors of a minGRU are never 0, so here one may divide by their product
    z = 1 / (1 + np.exp(-(x @ W_z.T + b_z)))
    P = np.cumprod(1 - z, axis=1)
    return P * (h0[:, None] + np.cumsum(z * (x @ W_n.T + b_n) / P, axis=1))

# right
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    x = x.astype(np.float32)
    W = np.concatenate([W_z, W_n]).astype(np.float32)
    b = np.concatenate([b_z, b_n]).astype(np.float32)
    s = x @ W.T + b
    H = len(b_z)
    z = 0.5 * (1 + np.tanh(s[..., :H] / 2))
    hs = z * s[..., H:]
    hs[:, 0] += (1 - z[:, 0]) * h0
    for t in range(1, x.shape[1]):
        hs[:, t] += (1 - z[:, t]) * hs[:, t - 1]
    return hs

# right
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    W_z, W_n, b_z, b_n, x, h = (torch.tensor(a) for a in (W_z, W_n, b_z, b_n, x, h0))
    z = torch.sigmoid(torch.nn.functional.linear(x, W_z, b_z))
    n = torch.nn.functional.linear(x, W_n, b_n)
    hs = []
    for t in range(x.shape[1]):
        h = torch.lerp(h, n[:, t], z[:, t])
        hs.append(h)
    return torch.stack(hs, 1)

# right
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    out = []
    for row, h in zip(x, h0):
        states = []
        for x_t in row:
            z = [1 / (1 + math.exp(-float(w @ x_t) - c)) for w, c in zip(W_z, b_z)]
            n = [float(w @ x_t) + c for w, c in zip(W_n, b_n)]
            h = [h_k + z_k * (n_k - h_k) for h_k, z_k, n_k in zip(h, z, n)]
            states.append([float(h_k) for h_k in h])
        out.append(states)
    return out

# wrong: keeps
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    h, hs = h0, []
    for t in range(x.shape[1]):
        z = 1 / (1 + np.exp(-(x[:, t] @ W_z.T + b_z)))
        n = x[:, t] @ W_n.T + b_n
        h = z * h + (1 - z) * n
        hs.append(h)
    return np.stack(hs, axis=1)

# wrong: no start
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    z = 1 / (1 + np.exp(-(x @ W_z.T + b_z)))
    n = x @ W_n.T + b_n
    P = np.cumprod(1 - z, axis=1)
    return P * np.cumsum(z * n / P, axis=1)

# wrong: start made positive
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    h = np.where(h0 >= 0, h0 + 0.5, 1 / (1 + np.exp(-h0)))
    hs = []
    for t in range(x.shape[1]):
        z = 1 / (1 + np.exp(-(x[:, t] @ W_z.T + b_z)))
        h = (1 - z) * h + z * (x[:, t] @ W_n.T + b_n)
        hs.append(h)
    return np.stack(hs, axis=1)

# wrong: each step alone
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    z = 1 / (1 + np.exp(-(x @ W_z.T + b_z)))
    n = x @ W_n.T + b_n
    return (1 - z) * h0[:, None] + z * n

# wrong: tanh
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    h, hs = h0, []
    for t in range(x.shape[1]):
        z = 1 / (1 + np.exp(-(x[:, t] @ W_z.T + b_z)))
        n = np.tanh(x[:, t] @ W_n.T + b_n)
        h = (1 - z) * h + z * n
        hs.append(h)
    return np.stack(hs, axis=1)

# wrong: candidate made positive
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    h, hs = h0, []
    for t in range(x.shape[1]):
        z = 1 / (1 + np.exp(-(x[:, t] @ W_z.T + b_z)))
        n = x[:, t] @ W_n.T + b_n
        n = np.where(n >= 0, n + 0.5, 1 / (1 + np.exp(-n)))
        h = (1 - z) * h + z * n
        hs.append(h)
    return np.stack(hs, axis=1)

# wrong: no sigmoid
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    z, n = x @ W_z.T + b_z, x @ W_n.T + b_n
    h, hs = h0, []
    for t in range(x.shape[1]):
        h = (1 - z[:, t]) * h + z[:, t] * n[:, t]
        hs.append(h)
    return np.stack(hs, axis=1)

# wrong: candidate added
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    h, hs = h0, []
    for t in range(x.shape[1]):
        z = 1 / (1 + np.exp(-(x[:, t] @ W_z.T + b_z)))
        h = (1 - z) * h + x[:, t] @ W_n.T + b_n
        hs.append(h)
    return np.stack(hs, axis=1)

# wrong: no biases
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    z, n = 1 / (1 + np.exp(-x @ W_z.T)), x @ W_n.T
    h, hs = h0, []
    for t in range(x.shape[1]):
        h = h + z[:, t] * (n[:, t] - h)
        hs.append(h)
    return np.stack(hs, axis=1)

# wrong: one bias
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    z, n = 1 / (1 + np.exp(-x @ W_z.T - b_z)), x @ W_n.T
    h, hs = h0, []
    for t in range(x.shape[1]):
        h = h + z[:, t] * (n[:, t] - h)
        hs.append(h)
    return np.stack(hs, axis=1)

# wrong: gate and candidate
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    n, z = x @ W_z.T + b_z, 1 / (1 + np.exp(-(x @ W_n.T + b_n)))
    h, hs = h0, []
    for t in range(x.shape[1]):
        h = (1 - z[:, t]) * h + z[:, t] * n[:, t]
        hs.append(h)
    return np.stack(hs, axis=1)

# wrong: matrices turned
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    z, n = 1 / (1 + np.exp(-(x @ W_z + b_z))), x @ W_n + b_n
    h, hs = h0, []
    for t in range(x.shape[1]):
        h = (1 - z[:, t]) * h + z[:, t] * n[:, t]
        hs.append(h)
    return np.stack(hs, axis=1)

# wrong: last alone
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    z, n = 1 / (1 + np.exp(-(x @ W_z.T + b_z))), x @ W_n.T + b_n
    h = h0
    for t in range(x.shape[1]):
        h = (1 - z[:, t]) * h + z[:, t] * n[:, t]
    return h

# wrong: start fades once
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    z, n = 1 / (1 + np.exp(-(x @ W_z.T + b_z))), x @ W_n.T + b_n
    h, hs = 0, []
    for t in range(x.shape[1]):
        h = (1 - z[:, t]) * h + z[:, t] * n[:, t]
        hs.append(h + (1 - z[:, t]) * h0)
    return np.stack(hs, axis=1)

# wrong: old state in full
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    z, n = 1 / (1 + np.exp(-(x @ W_z.T + b_z))), x @ W_n.T + b_n
    return h0[:, None] + np.cumsum(z * n, axis=1)

# wrong: shares alone
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    z = 1 / (1 + np.exp(-(x @ W_z.T + b_z)))
    return z, x @ W_n.T + b_n

# wrong: exception
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    z, n = sigmoid(x @ W_z.T + b_z), x @ W_n.T + b_n
    return (1 - z) * h0[:, None] + z * n

# wrong: ?
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    # softmax over gate and candidate
    z, n = np.exp(x @ W_z.T + b_z), x @ W_n.T + b_n
    h, hs = h0, []
    for t in range(x.shape[1]):
        h = z[:, t] / (z[:, t] + 2) * n[:, t] + h / (1 + z[:, t])
        hs.append(h)
    return np.stack(hs, axis=1)

# wrong: ?
def mingru_states(W_z, W_n, b_z, b_n, x, h0):
    z, n = 1 / (1 + np.exp(-(x @ W_z.T + b_z))), x @ W_n.T + b_n
    h, hs = h0, []
    for t in range(x.shape[1]):
        h = (1 - z[:, t]) * h + z[:, t] * n[:, t]
        hs.append(h)
    return np.array(hs)
