# Answers to the practice of chapter 16, all states, as students write them. See gradients.py for the form.

# right
def scan_states(a, b, h0):
    h, states = h0, []
    for t in range(a.shape[1]):
        h = a[:, t] * h + b[:, t]
        states.append(h)
    return np.stack(states, axis=1)

# right
def scan_states(a, b, h0):
    B, T, H = a.shape
    out = [[[0.0] * H for _ in range(T)] for _ in range(B)]
    for i in range(B):
        for k in range(H):
            h = h0[i, k]
            for t in range(T):
                h = h * a[i, t, k] + b[i, t, k]
                out[i][t][k] = float(h)
    return out

# right
def scan_states(a, b, h0):
    # the start is a step of its own: forget everything, and add h0
    a = np.concatenate([np.zeros_like(a[:, :1]), a], axis=1)
    b = np.concatenate([h0[:, None], b], axis=1)
    d = 1
    while d < a.shape[1]:
        b[:, d:] = a[:, d:] * b[:, :-d] + b[:, d:]
        a[:, d:] = a[:, d:] * a[:, :-d]
        d *= 2
    return b[:, 1:]

# right
def scan_states(a, b, h0):
    # every state from all steps before it: T² products, none of them divided by
    T = a.shape[1]
    out = np.zeros(b.shape)
    for t in range(T):
        for s in range(t + 1):
            out[:, t] += np.prod(a[:, s + 1 : t + 1], axis=1) * b[:, s]
        out[:, t] += np.prod(a[:, : t + 1], axis=1) * h0
    return out

# right
def scan_states(a, b, h0):
    a, b, h0 = a.astype(np.float32), b.astype(np.float32), h0.astype(np.float32)
    hs = np.empty_like(b)
    hs[:, 0] = a[:, 0] * h0 + b[:, 0]
    for t in range(1, len(a[0])):
        hs[:, t] = a[:, t] * hs[:, t - 1] + b[:, t]
    return hs

# right
def scan_states(a, b, h0):
    def scan(a, b):
        if b.shape[1] < 2:
            return a, b
        m = b.shape[1] // 2
        a1, b1 = scan(a[:, :m], b[:, :m])
        a2, b2 = scan(a[:, m:], b[:, m:])
        a2, b2 = a2 * a1[:, -1:], a2 * b1[:, -1:] + b2
        return np.concatenate([a1, a2], 1), np.concatenate([b1, b2], 1)

    A, Bs = scan(a, b)
    return A * h0[:, None] + Bs

# right
def scan_states(a, b, h0):
    a, b, h = torch.tensor(a), torch.tensor(b), torch.tensor(h0)
    hs = []
    for a_t, b_t in zip(a.unbind(1), b.unbind(1)):
        h = torch.addcmul(b_t, a_t, h)
        hs.append(h)
    return torch.stack(hs, 1)

# wrong: no start
def scan_states(a, b, h0):
    h = np.zeros_like(h0)
    hs = []
    for t in range(a.shape[1]):
        h = a[:, t] * h + b[:, t]
        hs.append(h)
    return np.stack(hs, 1)

# wrong: start not multiplied
def scan_states(a, b, h0):
    b = b.copy()
    b[:, 0] += h0
    d = 1
    while d < b.shape[1]:
        b_new, a_new = b.copy(), a.copy()
        b_new[:, d:] = a[:, d:] * b[:, :-d] + b[:, d:]
        a_new[:, d:] = a[:, d:] * a[:, :-d]
        a, b, d = a_new, b_new, 2 * d
    return b

# wrong: start added everywhere
def scan_states(a, b, h0):
    h, hs = 0, []
    for t in range(a.shape[1]):
        h = a[:, t] * h + b[:, t]
        hs.append(h + h0)
    return np.stack(hs, 1)

# wrong: each step alone
def scan_states(a, b, h0):
    return np.stack([a[:, t] * h0 + b[:, t] for t in range(a.shape[1])], 1)

# wrong: factor of the step before
def scan_states(a, b, h0):
    hs = [h0 + b[:, 0]]
    for t in range(1, a.shape[1]):
        hs.append(a[:, t - 1] * hs[-1] + b[:, t])
    return np.stack(hs, 1)

# wrong: inside the product
def scan_states(a, b, h0):
    h, hs = h0, []
    for t in range(a.shape[1]):
        h = a[:, t] * (h + b[:, t])
        hs.append(h)
    return np.stack(hs, 1)

# wrong: factors multiplied first
def scan_states(a, b, h0):
    a, b, d = a.copy(), b.copy(), 1
    b[:, 0] += a[:, 0] * h0
    while d < a.shape[1]:
        a[:, d:] *= a[:, :-d].copy()
        b[:, d:] += a[:, d:] * b[:, :-d]
        d *= 2
    return b

# wrong: factors kept
def scan_states(a, b, h0):
    b, d = b.copy(), 1
    b[:, 0] += a[:, 0] * h0
    while d < a.shape[1]:
        b = np.concatenate([b[:, :d], a[:, d:] * b[:, :-d] + b[:, d:]], 1)
        d *= 2
    return b

# wrong: a round too few
def scan_states(a, b, h0):
    b = b.copy()
    b[:, 0] += a[:, 0] * h0
    for k in range(int(np.log2(a.shape[1]))):
        d = 2**k
        b = np.concatenate([b[:, :d], a[:, d:] * b[:, :-d] + b[:, d:]], 1)
        a = np.concatenate([a[:, :d], a[:, d:] * a[:, :-d]], 1)
    return b

# wrong: neighbours in each round
def scan_states(a, b, h0):
    b = b.copy()
    b[:, 0] += a[:, 0] * h0
    for _ in range(int(np.ceil(np.log2(a.shape[1])))):
        b = np.concatenate([b[:, :1], a[:, 1:] * b[:, :-1] + b[:, 1:]], 1)
        a = np.concatenate([a[:, :1], a[:, 1:] * a[:, :-1]], 1)
    return b

# wrong: other way round
def scan_states(a, b, h0):
    b, d = b.copy(), 1
    b[:, 0] += a[:, 0] * h0
    while d < a.shape[1]:
        b = np.concatenate([b[:, :d], a[:, :-d] * b[:, d:] + b[:, :-d]], 1)
        a = np.concatenate([a[:, :d], a[:, d:] * a[:, :-d]], 1)
        d *= 2
    return b

# wrong: divided
def scan_states(a, b, h0):
    P = np.cumprod(a, axis=1)
    return P * (h0[:, None] + np.cumsum(b / P, axis=1))

# wrong: logarithms
def scan_states(a, b, h0):
    L = np.cumsum(np.log(a), axis=1)
    return np.exp(L) * (h0[:, None, :] + np.cumsum(b * np.exp(-L), axis=1))

# wrong: sum
def scan_states(a, b, h0):
    return h0[:, None] + b.cumsum(axis=1)

# wrong: states before
def scan_states(a, b, h0):
    h, hs = h0, []
    for t in range(a.shape[1]):
        hs.append(h)
        h = a[:, t] * h + b[:, t]
    return np.stack(hs, 1)

# wrong: start among them
def scan_states(a, b, h0):
    hs = [h0]
    for t in range(a.shape[1]):
        hs.append(a[:, t] * hs[-1] + b[:, t])
    return np.stack(hs, 1)

# wrong: last alone
def scan_states(a, b, h0):
    h = h0
    for t in range(a.shape[1]):
        h = a[:, t] * h + b[:, t]
    return h

# wrong: exception
def scan_states(a, b, h0):
    h, hs = h0, []
    for t in range(a.shape[1]):
        h = a[t] * h + b[t]
        hs.append(h)
    return np.stack(hs)

# wrong: changes-input
def scan_states(a, b, h0):
    b[:, 0] += a[:, 0] * h0
    for t in range(1, a.shape[1]):
        b[:, t] += a[:, t] * b[:, t - 1]
    return b

# wrong: ?
def scan_states(a, b, h0):
    h, hs = h0, []
    for t in range(a.shape[1]):
        h = a[:, t] * h + b[:, t]
        hs.append(h)
    return np.stack(hs)

# wrong: ?
def scan_states(a, b, h0):
    h, hs = h0, []
    for t in range(a.shape[1]):
        h = a[:, t] * h + (1 - a[:, t]) * b[:, t]
        hs.append(h)
    return np.stack(hs, 1)
