# Answers to the practice of chapter 8 over seeds, as students write them. See gradients.py for the form.

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

# wrong: mean
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

# wrong: the last one left out
def luck(a, b):
    n, k = len(a), int((a < b).sum())
    return sum(math.comb(n, j) for j in range(k, n)) / 2**n

# wrong: ?
def luck(a, b):
    return float(a.mean() < b.mean())
