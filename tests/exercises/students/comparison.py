# Answers to the practice of chapter 8, as students write them. See gradients.py for the form.

# right
def equal_units(P, G, D, K):
    H = 0
    while G * (H + 1) * (D + (H + 1) + 2) + K * (H + 1 + 1) <= P:
        H += 1
    return H

# right
def equal_units(P, G, D, K):
    return max(h for h in range(1, 500) if G * h * (D + h + 2) + K * (h + 1) <= P)

# right
def equal_units(P, G, D, K):
    a, b, c = G, G * D + 2 * G + K, K - P
    return int((-b + math.sqrt(b**2 - 4 * a * c)) / (2 * a))

# right
def equal_units(P, G, D, K):
    roots = np.roots([G, G * (D + 2) + K, K - P])
    return np.floor(roots.max())

# right
def equal_units(P, G, D, K):
    def size(h):
        core = torch.nn.RNN(D, h)
        out = torch.nn.Linear(h, K)
        return G * sum(p.numel() for p in core.parameters()) + sum(p.numel() for p in out.parameters())
    h = 1
    while size(h + 1) <= P:
        h += 1
    return h

# wrong: not whole
def equal_units(P, G, D, K):
    b = G * (D + 2) + K
    return (-b + math.sqrt(b * b + 4 * G * (P - K))) / (2 * G)

# wrong: one too many
def equal_units(P, G, D, K):
    b = G * (D + 2) + K
    return math.ceil((-b + math.sqrt(b * b + 4 * G * (P - K))) / (2 * G))

# wrong: ?
def equal_units(P, G, D, K):
    b = G * (D + 2) + K
    return round((-b + math.sqrt(b * b + 4 * G * (P - K))) / (2 * G))

# wrong: one bias
def equal_units(P, G, D, K):
    return max(h for h in range(1, 500) if G * h * (D + h + 1) + K * (h + 1) <= P)

# wrong: no bias
def equal_units(P, G, D, K):
    return max(h for h in range(1, 500) if G * (D * h + h * h) + K * (h + 1) <= P)

# wrong: no read-out
def equal_units(P, G, D, K):
    return max(h for h in range(1, 500) if G * h * (D + h + 2) <= P)

# wrong: no bias of the read-out
def equal_units(P, G, D, K):
    return max(h for h in range(1, 500) if G * h * (D + h + 2) + K * h <= P)

# wrong: four blocks
def equal_units(P, G, D, K):
    return max(h for h in range(1, 500) if sum(p.numel() for p in [*torch.nn.LSTM(D, h).parameters(), *torch.nn.Linear(h, K).parameters()]) <= P)

# wrong: one block
def equal_units(P, G, D, K):
    return max(h for h in range(1, 500) if h * (D + h + 2) + K * (h + 1) <= P)

# wrong: by the square alone
def equal_units(P, G, D, K):
    return math.floor(math.sqrt(P / G))

# wrong: exception
def equal_units(P, G, D, K):
    return math.sqrt(G * (D + 2) - P)

# right
def products(G, D, H, B, T):
    total = 0
    for t in range(T):
        forward = B * G * H * D + B * G * H * H
        gradients = B * G * H * D + B * G * H * H
        weights = G * H * B * D + G * H * B * H
        total += forward + gradients + weights
    return total

# right
def products(G, D, H, B, T):
    return 3 * T * B * (G * H * D + G * H**2)

# right
def products(G, D, H, B, T):
    return np.prod([3, G, H, D + H, B, T])

# right
def products(G, D, H, B, T):
    one = G * H * (D + H)
    return B * T * one + 2 * B * T * one

# right
def products(G, D, H, B, T):
    rows = G * H
    return float(B * T * (rows * D * 3 + rows * H * 3))

# wrong: forward only
def products(G, D, H, B, T):
    return B * T * G * H * (D + H)

# wrong: back only
def products(G, D, H, B, T):
    return 2 * B * T * G * H * (D + H)

# wrong: biases
def products(G, D, H, B, T):
    return 3 * B * T * G * H * (D + H + 2)

# wrong: additions
def products(G, D, H, B, T):
    return 3 * B * T * 2 * G * H * (D + H)

# wrong: one sequence
def products(G, D, H, B, T):
    return 3 * T * G * H * (D + H)

# wrong: one step
def products(G, D, H, B, T):
    return 3 * B * G * H * (D + H)

# wrong: state alone
def products(G, D, H, B, T):
    return 3 * B * T * G * H * H

# wrong: no blocks
def products(G, D, H, B, T):
    return 3 * B * T * H * (D + H)

# wrong: four blocks
def products(G, D, H, B, T):
    return 12 * B * T * H * (D + H)

# wrong: ?
def products(G, D, H, B, T):
    return 3 * B * T * G * H * D * H

# wrong: ?
def products(G, D, H, B, T):
    return 3 * B * (T - 1) * G * H * (D + H)

# right
def best_rates(errors):
    errors = np.nan_to_num(errors, nan=np.inf)
    return np.median(errors, axis=-1).argmin(axis=-1)

# right
def best_rates(errors):
    found = []
    for arm in errors:
        medians = [sorted(math.inf if math.isnan(e) else e for e in seeds)[len(seeds) // 2] for seeds in arm]
        found.append(medians.index(min(medians)))
    return found

# right
def best_rates(errors):
    e = np.where(np.isnan(errors), 1e30, errors)
    return np.array([int(np.argmin(np.median(arm, axis=1))) for arm in e])

# right
def best_rates(errors):
    m = np.median(errors, axis=2)
    m[np.isnan(m)] = np.inf
    odd = np.where(np.isnan(errors), np.inf, errors)
    m = np.median(odd, axis=2)
    return np.argmin(m, axis=1)

# right
def best_rates(errors):
    e = torch.tensor(errors)
    e = torch.where(e.isnan(), torch.tensor(float("inf"), dtype=e.dtype), e)
    return e.median(dim=2).values.argmin(dim=1)

# wrong: mean
def best_rates(errors):
    return np.where(np.isnan(errors), np.inf, errors).mean(axis=2).argmin(axis=1)

# wrong: luckiest
def best_rates(errors):
    return np.nanmin(errors, axis=2).argmin(axis=1)

# wrong: worst seed
def best_rates(errors):
    return np.where(np.isnan(errors), np.inf, errors).max(axis=2).argmin(axis=1)

# wrong: diverged ignored
def best_rates(errors):
    return np.argmin(np.nanmedian(errors, axis=2), axis=1)

# wrong: diverged chosen
def best_rates(errors):
    return np.argmin(np.median(errors, axis=2), axis=1)

# wrong: diverged is 0
def best_rates(errors):
    return np.argmin(np.median(np.nan_to_num(errors), axis=2), axis=1)

# wrong: one for all
def best_rates(errors):
    e = np.where(np.isnan(errors), np.inf, errors)
    pooled = [np.median(e[:, k]) for k in range(e.shape[1])]
    return [int(np.argmin(pooled))] * len(e)

# wrong: the medians
def best_rates(errors):
    return np.median(np.where(np.isnan(errors), np.inf, errors), axis=2).min(axis=1)

# wrong: over arms
def best_rates(errors):
    return np.median(np.where(np.isnan(errors), np.inf, errors), axis=2).argmin(axis=0)

# wrong: counted from 1
def best_rates(errors):
    return np.median(np.where(np.isnan(errors), np.inf, errors), axis=2).argmin(axis=1) + 1

# wrong: ?
def best_rates(errors):
    return np.nanmean(errors, axis=2).argmin(axis=1)

# right
def luck(a, b):
    n = len(a)
    k = sum(x < y for x, y in zip(a, b))
    return sum(math.comb(n, j) for j in range(k, n + 1)) * 0.5**n

# right
def luck(a, b):
    n, wins = len(a), np.sum(a < b)
    total = 0
    for code in range(2**n):
        total += bin(code).count("1") >= wins
    return total / 2**n

# right
def luck(a, b):
    n = a.size
    p = np.array([1.0])
    for _ in range(n):
        p = np.convolve(p, [0.5, 0.5])
    return p[(b - a > 0).sum() :].sum()

# right
def luck(a, b):
    n, losses = len(a), int((b < a).sum())
    return sum(math.comb(n, j) for j in range(losses + 1)) / 2**n

# right
def luck(a, b):
    n, k = len(a), int((a < b).sum())
    coin = torch.distributions.Binomial(n, 0.5)
    return coin.log_prob(torch.arange(k, n + 1.0)).exp().sum()

# wrong: exactly
def luck(a, b):
    n, k = len(a), int((a < b).sum())
    return math.comb(n, k) / 2**n

# wrong: more
def luck(a, b):
    n, k = len(a), int((a < b).sum())
    return sum(math.comb(n, j) for j in range(k + 1, n + 1)) / 2**n

# wrong: the other side
def luck(a, b):
    n, k = len(a), int((a > b).sum())
    return sum(math.comb(n, j) for j in range(k, n + 1)) / 2**n

# wrong: complement
def luck(a, b):
    n, k = len(a), int((a < b).sum())
    return sum(math.comb(n, j) for j in range(k)) / 2**n

# wrong: two-sided
def luck(a, b):
    n, k = len(a), int((a < b).sum())
    return min(1, 2 * sum(math.comb(n, j) for j in range(k, n + 1)) / 2**n)

# wrong: not paired
def luck(a, b):
    n, k = len(a), int((np.sort(a) < np.sort(b)).sum())
    return sum(math.comb(n, j) for j in range(k, n + 1)) / 2**n

# wrong: one path
def luck(a, b):
    return 1 / 2 ** int((a < b).sum())

# wrong: the share
def luck(a, b):
    return np.mean(a < b)

# wrong: the count
def luck(a, b):
    return np.count_nonzero(a < b)

# wrong: ?
def luck(a, b):
    n, k = len(a), int((a < b).sum())
    return sum(math.comb(n, j) for j in range(k, n)) / 2**n

# wrong: ?
def luck(a, b):
    return float(a.mean() < b.mean())
