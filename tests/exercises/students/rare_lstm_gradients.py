# Less usual answers to the practice of chapter 5 that goes through the memory cell, written after its mistakes had been chosen.
# See lstm.py for the form.

# wrong: no forget gate
def cell_gradients(dh, dc, f, o, c):
    direct = dh * o * (1 - np.tanh(c) ** 2)
    direct[-1] += dc
    return np.cumsum(direct[::-1], axis=0)[::-1]

# wrong: what is handed on
def cell_gradients(dh, dc, f, o, c):
    out = np.zeros_like(dh)
    for t in reversed(range(len(dh))):
        dc = (dc + dh[t] * o[t] * (1 - np.tanh(c[t]) ** 2)) * f[t]
        out[t] = dc
    return out

# wrong: the first
def cell_gradients(dh, dc, f, o, c):
    for t in reversed(range(len(dh))):
        first = dc + dh[t] * o[t] * (1 - np.tanh(c[t]) ** 2)
        dc = first * f[t]
    return first

# wrong: one step only
def shares(f, i):
    return np.append(f[0], i)

# wrong: normalised
def shares(f, i):
    after = np.append(np.cumprod(f[::-1])[::-1], 1)
    after[1:] *= i
    return after / after.sum()

# wrong: sum of gates
def shares(f, i):
    return [sum(f)] + [i[t] * sum(f[t + 1 :]) for t in range(len(f))]

# wrong: reversed
def shares(f, i):
    weights, product = [], 1.0
    for ft, it in zip(f[::-1], i[::-1]):
        weights.append(it * product)
        product *= ft
    return [product] + weights
