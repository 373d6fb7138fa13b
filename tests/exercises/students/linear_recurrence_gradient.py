# Answers to the practice of chapter 16, the way back, as students write them. See gradients.py for the form.

# right
def scan_gradients(a, hs, h0, dhs):
    T = a.shape[1]
    da, db = np.zeros(a.shape), np.zeros(a.shape)
    g = np.zeros(h0.shape)
    for t in range(T - 1, -1, -1):
        g = g + dhs[:, t]
        db[:, t] = g
        da[:, t] = g * (hs[:, t - 1] if t > 0 else h0)
        g = g * a[:, t]
    return da, db, g

# right
def scan_gradients(a, hs, h0, dhs):
    g = dhs.copy()
    for t in reversed(range(a.shape[1] - 1)):
        g[:, t] += a[:, t + 1] * g[:, t + 1]
    before = np.concatenate([h0[:, None], hs[:, :-1]], 1)
    return g * before, g, a[:, 0] * g[:, 0]

# right
def scan_gradients(a, hs, h0, dhs):
    # the same scan in rounds, to the left
    factor = np.concatenate([a[:, 1:], np.zeros_like(a[:, :1])], 1)
    g, d = dhs, 1
    while d < a.shape[1]:
        g = np.concatenate([g[:, :-d] + factor[:, :-d] * g[:, d:], g[:, -d:]], 1)
        factor = np.concatenate([factor[:, :-d] * factor[:, d:], factor[:, -d:]], 1)
        d *= 2
    return g * np.insert(hs[:, :-1], 0, h0, axis=1), g, g[:, 0] * a[:, 0]

# right
def scan_gradients(a, hs, h0, dhs):
    # every loss with every step before it
    B, T, H = a.shape
    db = np.zeros((B, T, H))
    for t in range(T):
        for s in range(t, T):
            db[:, t] += dhs[:, s] * np.prod(a[:, t + 1 : s + 1], axis=1)
    states = np.concatenate([h0[:, None], hs], axis=1)
    dh0 = sum(dhs[:, s] * np.prod(a[:, : s + 1], axis=1) for s in range(T))
    return [db * states[:, :T], db, dh0]

# right
def scan_gradients(a, hs, h0, dhs):
    a, hs, h0, dhs = (y.astype(np.float32) for y in (a, hs, h0, dhs))
    gs = [dhs[:, -1]]
    for t in range(a.shape[1] - 2, -1, -1):
        gs.insert(0, dhs[:, t] + a[:, t + 1] * gs[0])
    g = np.stack(gs, axis=1)
    da = np.empty_like(g)
    da[:, 0], da[:, 1:] = g[:, 0] * h0, g[:, 1:] * hs[:, :-1]
    return da, g, g[:, 0] * a[:, 0]

# right
def scan_gradients(a, hs, h0, dhs):
    # by autograd: the states do not follow from b here, so b is made to fit
    a, hs, h0, dhs = (torch.tensor(y) for y in (a, hs, h0, dhs))
    before = torch.cat([h0[:, None], hs[:, :-1]], 1)
    b = (hs - a * before).requires_grad_()
    a.requires_grad_()
    h0.requires_grad_()
    h, loss = h0, 0.0
    for t in range(a.shape[1]):
        h = a[:, t] * h + b[:, t]
        loss = loss + (h * dhs[:, t]).sum()
    loss.backward()
    return a.grad, b.grad, h0.grad

# wrong: own factor
def scan_gradients(a, hs, h0, dhs):
    g = dhs.copy()
    for t in reversed(range(a.shape[1] - 1)):
        g[:, t] += a[:, t] * g[:, t + 1]
    before = np.concatenate([h0[:, None], hs[:, :-1]], 1)
    return g * before, g, a[:, 0] * g[:, 0]

# wrong: nothing carried
def scan_gradients(a, hs, h0, dhs):
    before = np.concatenate([h0[:, None], hs[:, :-1]], 1)
    return dhs * before, dhs, a[:, 0] * dhs[:, 0]

# wrong: carried in full
def scan_gradients(a, hs, h0, dhs):
    g = np.flip(np.cumsum(np.flip(dhs, 1), 1), 1)
    before = np.concatenate([h0[:, None], hs[:, :-1]], 1)
    return g * before, g, a[:, 0] * g[:, 0]

# wrong: next alone
def scan_gradients(a, hs, h0, dhs):
    g = dhs.copy()
    g[:, :-1] += a[:, 1:] * dhs[:, 1:]
    before = np.concatenate([h0[:, None], hs[:, :-1]], 1)
    return g * before, g, a[:, 0] * g[:, 0]

# wrong: forwards
def scan_gradients(a, hs, h0, dhs):
    g = dhs.copy()
    for t in range(1, a.shape[1]):
        g[:, t] += a[:, t] * g[:, t - 1]
    before = np.concatenate([h0[:, None], hs[:, :-1]], 1)
    return g * before, g, a[:, 0] * g[:, 0]

# wrong: last alone
def scan_gradients(a, hs, h0, dhs):
    g = np.zeros(a.shape)
    g[:, -1] = dhs[:, -1]
    for t in reversed(range(a.shape[1] - 1)):
        g[:, t] = a[:, t + 1] * g[:, t + 1]
    before = np.concatenate([h0[:, None], hs[:, :-1]], 1)
    return g * before, g, a[:, 0] * g[:, 0]

# wrong: state after
def scan_gradients(a, hs, h0, dhs):
    g = dhs.copy()
    for t in reversed(range(a.shape[1] - 1)):
        g[:, t] += a[:, t + 1] * g[:, t + 1]
    return g * hs, g, a[:, 0] * g[:, 0]

# wrong: start forgotten
def scan_gradients(a, hs, h0, dhs):
    g = dhs.copy()
    for t in reversed(range(a.shape[1] - 1)):
        g[:, t] += a[:, t + 1] * g[:, t + 1]
    da = np.zeros(a.shape)
    da[:, 1:] = g[:, 1:] * hs[:, :-1]
    return da, g, a[:, 0] * g[:, 0]

# wrong: start forgotten
def scan_gradients(a, hs, h0, dhs):
    da, db, g = np.zeros(a.shape), np.zeros(a.shape), 0
    for t in reversed(range(a.shape[1])):
        db[:, t] = g = g + dhs[:, t]
        da[:, t] = g * hs[:, t - 1]
        g = g * a[:, t]
    return da, db, g

# wrong: factor for b
def scan_gradients(a, hs, h0, dhs):
    da, db, g = np.zeros(a.shape), np.zeros(a.shape), 0
    before = np.concatenate([h0[:, None], hs[:, :-1]], 1)
    for t in reversed(range(a.shape[1])):
        g = g + dhs[:, t]
        da[:, t] = g * before[:, t]
        g = g * a[:, t]
        db[:, t] = g
    return da, db, g

# wrong: start as the first
def scan_gradients(a, hs, h0, dhs):
    g = dhs.copy()
    for t in reversed(range(a.shape[1] - 1)):
        g[:, t] += a[:, t + 1] * g[:, t + 1]
    before = np.concatenate([h0[:, None], hs[:, :-1]], 1)
    return g * before, g, g[:, 0]

# wrong: no gradient of the start
def scan_gradients(a, hs, h0, dhs):
    g = dhs.copy()
    for t in reversed(range(a.shape[1] - 1)):
        g[:, t] += a[:, t + 1] * g[:, t + 1]
    before = np.concatenate([h0[:, None], hs[:, :-1]], 1)
    return g * before, g, np.zeros_like(h0)

# wrong: without the start
def scan_gradients(a, hs, h0, dhs):
    g = dhs.copy()
    for t in reversed(range(a.shape[1] - 1)):
        g[:, t] += a[:, t + 1] * g[:, t + 1]
    before = np.concatenate([h0[:, None], hs[:, :-1]], 1)
    return g * before, g

# wrong: turned
def scan_gradients(a, hs, h0, dhs):
    g = dhs.copy()
    for t in reversed(range(a.shape[1] - 1)):
        g[:, t] += a[:, t + 1] * g[:, t + 1]
    before = np.concatenate([h0[:, None], hs[:, :-1]], 1)
    return g, g * before, a[:, 0] * g[:, 0]

# wrong: g alone
def scan_gradients(a, hs, h0, dhs):
    g = dhs.copy()
    for t in reversed(range(a.shape[1] - 1)):
        g[:, t] += a[:, t + 1] * g[:, t + 1]
    return g

# wrong: changes-input
def scan_gradients(a, hs, h0, dhs):
    for t in reversed(range(a.shape[1] - 1)):
        dhs[:, t] += a[:, t + 1] * dhs[:, t + 1]
    before = np.concatenate([h0[:, None], hs[:, :-1]], 1)
    return dhs * before, dhs, a[:, 0] * dhs[:, 0]

# wrong: exception
def scan_gradients(a, hs, h0, dhs):
    g = dhs.copy()
    for t in reversed(range(a.shape[1])):
        g[:, t] += a[:, t + 1] * g[:, t + 1]
    return g * hs, g, a[:, 0] * g[:, 0]

# wrong: ?
def scan_gradients(a, hs, h0, dhs):
    # the states of the recurrence divided out, which loses what a loss adds between
    g = np.cumsum(dhs[:, ::-1], 1)[:, ::-1] * np.cumprod(a, 1)
    before = np.concatenate([h0[:, None], hs[:, :-1]], 1)
    return g * before, g, a[:, 0] * g[:, 0]
