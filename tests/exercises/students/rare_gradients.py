# Less usual answers to the practice of chapter 4, written after its mistakes had been chosen. See gradients.py for the form.

# right
def gradient_bound(W_hh, hs):
    return float(torch.prod((1 - torch.tensor(hs) ** 2).max(1).values * torch.linalg.matrix_norm(torch.tensor(W_hh), 2)))

# wrong: columns
def step_jacobian(W_hh, h_next):
    return W_hh @ np.diag(1 - h_next**2)

# wrong: ?
def step_jacobian(W_hh, h_next):
    return np.diag(h_next) @ W_hh

# wrong: ?
def horizon(rate, left):
    return math.ceil(math.log(left))

# wrong: difference
def horizon(rate, left):
    return math.ceil(math.log(left / rate))

# wrong: one less
def horizon(rate, left):
    k = 0
    while rate**k > left:
        k += 1
    return k - 1

# wrong: identity left out
def peak(W, steps):
    P, best = W, 0
    for k in range(steps):
        best = max(best, np.linalg.norm(P, 2))
        P = P @ W
    return best

# wrong: the end
def peak(W, steps):
    return np.linalg.norm(np.linalg.matrix_power(W, steps), 2)

# wrong: largest entry
def peak(W, steps):
    return max(np.abs(np.linalg.matrix_power(W, k)).max() for k in range(steps + 1))

# wrong: smallest slope
def gradient_bound(W_hh, hs):
    return np.prod(np.linalg.norm(W_hh, 2) * (1 - hs.max(axis=1) ** 2))

# wrong: the norm itself
def gradient_bound(W_hh, hs):
    J = np.eye(len(W_hh))
    for h in hs:
        J = np.diag(1 - h**2) @ W_hh @ J
    return np.linalg.norm(J, 2)

# wrong: smallest slope
def gradient_bound(W_hh, hs):
    return np.prod(np.linalg.norm(W_hh, 2) * (1 - hs**2).min(axis=1))

# wrong: ?
def clip_together(grads, max_norm):
    norm = np.linalg.norm([np.linalg.norm(g) for g in grads])
    return [g * max_norm / max(norm, 1) for g in grads]

# wrong: ?
def clip_together(grads, max_norm):
    total = sum(np.sum(g) ** 2 for g in grads) ** 0.5
    return [g * min(1, max_norm / total) for g in grads]

# wrong: no root
def clip_together(grads, max_norm):
    total = sum((g**2).sum() for g in grads)
    if total > max_norm:
        return [g * max_norm / total for g in grads]
    return grads
