# More answers to the practice of chapter 8 over seeds, found by one who tried it as a student. See gradients.py for the form.

# wrong: over rates
def best_rates(errors):
    e = np.where(np.isnan(errors), np.inf, errors)
    return np.median(e, axis=1).argmin(axis=1)

# wrong: over rates
def best_rates(errors):
    return np.argmin(np.median(errors, axis=1), axis=1)

# wrong: over the first axis
def best_rates(errors):
    e = np.where(np.isnan(errors), np.inf, errors)
    return np.median(e, axis=0).argmin(axis=1)

# wrong: over the first axis
def best_rates(errors):
    return np.argmin(np.median(errors, axis=0), axis=-1)

# wrong: mean
def best_rates(errors):
    return errors.mean(axis=2).argmin(axis=1)

# wrong: mean
def best_rates(errors):
    return np.nanargmin(np.nanmean(errors, axis=-1), axis=-1)

# wrong: diverged is 1
def best_rates(errors):
    chance = 1.0
    return np.median(np.nan_to_num(errors, nan=chance), axis=2).argmin(axis=1)

# wrong: diverged is 0
def best_rates(errors):
    return np.median(np.nan_to_num(errors, nan=-np.inf), axis=2).argmin(axis=1)

# wrong: rate given up
def best_rates(errors):
    return np.nanargmin(np.median(errors, axis=2), axis=1)

# wrong: rate given up
def best_rates(errors):
    m = np.median(errors, axis=2)
    return np.where(np.isnan(m), np.inf, m).argmin(axis=1)

# wrong: one for all
def best_rates(errors):
    e = np.where(np.isnan(errors), np.inf, errors)
    return int(np.median(e, axis=(0, 2)).argmin())

# wrong: one index
def best_rates(errors):
    e = np.where(np.isnan(errors), np.inf, errors)
    return np.argmin(np.median(e, axis=2))

# wrong: worst seed
def best_rates(errors):
    return errors.max(axis=2).argmin(axis=1)

# wrong: luckiest
def best_rates(errors):
    return errors.min(axis=2).argmin(axis=1)

# wrong: worst rate
def best_rates(errors):
    e = np.where(np.isnan(errors), np.inf, errors)
    return np.median(e, axis=2).argmax(axis=1)

# wrong: ?
def best_rates(errors):
    e = np.where(np.isnan(errors), np.inf, errors)
    return np.median(e, axis=2).argsort(axis=1)

# wrong: the last one left out
def luck(a, b):
    n, k = len(a), int((a < b).sum())
    p = 0
    for j in range(k, n):
        p += math.comb(n, j) * 0.5**j * 0.5 ** (n - j)
    return p

# wrong: two-sided
def luck(a, b):
    n, k = len(a), int((a < b).sum())
    return 2 * sum(math.comb(n, j) for j in range(k, n + 1)) / 2**n

# wrong: two-sided
def luck(a, b):
    n, k = len(a), int((a < b).sum())
    k = max(k, n - k)
    return min(1, 2 * sum(math.comb(n, j) for j in range(k, n + 1)) / 2**n)

# wrong: two-sided
def luck(a, b):
    n, k = len(a), int((a < b).sum())
    return 2 * sum(math.comb(n, j) for j in range(max(k, n - k), n + 1)) / 2**n

# wrong: the better one
def luck(a, b):
    n, k = len(a), int((a < b).sum())
    return sum(math.comb(n, j) for j in range(max(k, n - k), n + 1)) / 2**n

# wrong: not divided
def luck(a, b):
    n, k = len(a), int((a < b).sum())
    return sum(math.comb(n, j) for j in range(k, n + 1))

# wrong: one sequence
def luck(a, b):
    n, k = len(a), int((a < b).sum())
    return 0.5**n

# wrong: the other side
def luck(a, b):
    n, k = len(a), int((a < b).sum())
    return sum(math.comb(n, j) for j in range(k + 1)) / 2**n

# wrong: complement
def luck(a, b):
    n, k = len(a), int((a < b).sum())
    return 1 - sum(math.comb(n, j) for j in range(k, n + 1)) / 2**n

# wrong: all pairs
def luck(a, b):
    return np.mean([x < y for x in a for y in b])

# wrong: ?
def luck(a, b):
    n, k = len(a), int((a < b).sum())
    return 1 - 0.5**k
