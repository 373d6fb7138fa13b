# Answers to the practice of chapter 4, as students write them. Each stands below a line that says how it is judged:
# "right", or "wrong: id" with the mistake that must be recognised, or "wrong: ?" if it is only refused.

# right
def step_jacobian(W_hh, h_next):
    return np.diag(1 - h_next**2) @ W_hh

# right
def step_jacobian(W_hh, h_next):
    H = len(h_next)
    return [[(1 - h_next[i] ** 2) * W_hh[i][j] for j in range(H)] for i in range(H)]

# right
def step_jacobian(W_hh, h_next):
    h = torch.tensor(h_next).float()
    return torch.diag(1 - h**2) @ torch.tensor(W_hh).float()

# wrong: columns
def step_jacobian(W_hh, h_next):
    return (1 - h_next**2) * W_hh

# wrong: transposed
def step_jacobian(W_hh, h_next):
    return W_hh.T @ np.diag(1 - h_next**2)

# wrong: W transposed
def step_jacobian(W_hh, h_next):
    return np.diag(1 - h_next**2) @ W_hh.T

# wrong: tanh twice
def step_jacobian(W_hh, h_next):
    return np.diag(1 - np.tanh(h_next) ** 2) @ W_hh

# wrong: vector
def step_jacobian(W_hh, h_next):
    return W_hh @ (1 - h_next**2)

# wrong: diagonal only
def step_jacobian(W_hh, h_next):
    return np.diag(1 - h_next**2) * W_hh

# right
def horizon(rate, left):
    k = 0
    share = 1
    while share > left:
        share *= rate
        k += 1
    return k

# right
def horizon(rate, left):
    return np.ceil(np.log(left) / np.log(rate))

# right
def horizon(rate, left):
    return math.ceil(math.log(left, rate))

# wrong: floor
def horizon(rate, left):
    return int(np.log(left) / np.log(rate))

# wrong: not rounded
def horizon(rate, left):
    return np.log(left) / np.log(rate)

# wrong: rounded
def horizon(rate, left):
    return round(math.log(left) / math.log(rate))

# wrong: floor plus one
def horizon(rate, left):
    return int(math.log(left) / math.log(rate)) + 1

# wrong: floor plus one
def horizon(rate, left):
    k = 1
    while rate**k >= left:
        k += 1
    return k

# wrong: inverted
def horizon(rate, left):
    return math.ceil(math.log(rate) / math.log(left))

# wrong: linear
def horizon(rate, left):
    return math.ceil((1 - left) / (1 - rate))

# right
def peak(W, steps):
    return max(np.linalg.norm(np.linalg.matrix_power(W, k), 2) for k in range(steps + 1))

# right
def peak(W, steps):
    W = torch.tensor(W, dtype=torch.float32)
    P = torch.eye(len(W))
    best = 0
    for k in range(steps + 1):
        best = max(best, torch.linalg.matrix_norm(P, 2))
        P = P @ W
    return best

# wrong: one power short
def peak(W, steps):
    return max(np.linalg.norm(np.linalg.matrix_power(W, k), 2) for k in range(steps))

# wrong: Frobenius
def peak(W, steps):
    P, best = np.eye(len(W)), 0
    for k in range(steps + 1):
        best = max(best, np.linalg.norm(P))
        P = P @ W
    return best

# wrong: entry by entry
def peak(W, steps):
    return max(np.linalg.norm(W**k, 2) for k in range(steps + 1))

# wrong: entry by entry
def peak(W, steps):
    P, best = np.eye(len(W)), 1.0
    for k in range(steps):
        P = P * W
        best = max(best, np.linalg.norm(P, 2))
    return best

# wrong: eigenvalues
def peak(W, steps):
    rho = max(abs(np.linalg.eigvals(W)))
    return max(rho**k for k in range(steps + 1))

# wrong: singular values
def peak(W, steps):
    return max(np.linalg.norm(W, 2) ** k for k in range(steps + 1))

# wrong: the end
def peak(W, steps):
    for k in range(steps + 1):
        norm = np.linalg.norm(np.linalg.matrix_power(W, k), 2)
    return norm

# wrong: which k
def peak(W, steps):
    return np.argmax([np.linalg.norm(np.linalg.matrix_power(W, k), 2) for k in range(steps + 1)])

# wrong: all norms
def peak(W, steps):
    return [np.linalg.norm(np.linalg.matrix_power(W, k), 2) for k in range(steps + 1)]

# right
def gradient_bound(W_hh, hs):
    bound = 1
    for h in hs:
        bound *= max(1 - h**2) * np.linalg.svd(W_hh)[1][0]
    return bound

# right
def gradient_bound(W_hh, hs):
    slopes = np.max(1 - hs**2, axis=1)
    return np.linalg.norm(W_hh, ord=2) ** len(hs) * np.prod(slopes)

# wrong: Frobenius
def gradient_bound(W_hh, hs):
    return np.prod([np.linalg.norm(W_hh) * (1 - h**2).max() for h in hs])

# wrong: eigenvalue
def gradient_bound(W_hh, hs):
    rho = np.abs(np.linalg.eigvals(W_hh)).max()
    return np.prod([rho * np.max(1 - h**2) for h in hs])

# wrong: wrong axis
def gradient_bound(W_hh, hs):
    return np.prod(np.linalg.norm(W_hh, 2) * (1 - hs**2).max(axis=0))

# wrong: one slope
def gradient_bound(W_hh, hs):
    return (np.linalg.norm(W_hh, 2) * np.max(1 - hs**2)) ** len(hs)

# wrong: norm once
def gradient_bound(W_hh, hs):
    return np.linalg.norm(W_hh, 2) * np.prod((1 - hs**2).max(axis=1))

# wrong: each Jacobian
def gradient_bound(W_hh, hs):
    return np.prod([np.linalg.norm(np.diag(1 - h**2) @ W_hh, 2) for h in hs])

# wrong: tanh twice
def gradient_bound(W_hh, hs):
    s = np.linalg.norm(W_hh, 2)
    return np.prod([s * (1 - np.tanh(h) ** 2).max() for h in hs])

# right
def clip_together(grads, max_norm):
    total = np.linalg.norm(np.concatenate([g.ravel() for g in grads]))
    if total > max_norm:
        return [g * max_norm / total for g in grads]
    return grads

# right
def clip_together(grads, max_norm):
    params = [torch.nn.Parameter(torch.zeros(g.shape)) for g in grads]
    for p, g in zip(params, grads):
        p.grad = torch.tensor(g).float()
    torch.nn.utils.clip_grad_norm_(params, max_norm)
    return [p.grad for p in params]

# wrong: each alone
def clip_together(grads, max_norm):
    out = []
    for g in grads:
        n = np.linalg.norm(g)
        out.append(g * max_norm / n if n > max_norm else g)
    return out

# wrong: always
def clip_together(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    return [g / norm * max_norm for g in grads]

# wrong: changes-input
def clip_together(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    if norm > max_norm:
        for g in grads:
            g *= max_norm / norm
    return grads

# wrong: no-return
def clip_together(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    if norm > max_norm:
        return [g * max_norm / norm for g in grads]

# wrong: max for min
def clip_together(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    return [g * max(1, max_norm / norm) for g in grads]

# wrong: to length 1
def clip_together(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    return [g / norm if norm > max_norm else g for g in grads]

# wrong: sum of the norms
def clip_together(grads, max_norm):
    norm = sum(np.linalg.norm(g) for g in grads)
    return [g * min(1, max_norm / norm) for g in grads]

# wrong: by value
def clip_together(grads, max_norm):
    return [g.clip(-max_norm, max_norm) for g in grads]

# wrong: spectral norm
def clip_together(grads, max_norm):
    total = np.sqrt(sum(np.linalg.norm(g, 2) ** 2 for g in grads))
    return [g * min(1, max_norm / total) for g in grads]

# wrong: norm returned too
def clip_together(grads, max_norm):
    total = np.sqrt(sum((g**2).sum() for g in grads))
    return [g * min(1, max_norm / total) for g in grads], total
