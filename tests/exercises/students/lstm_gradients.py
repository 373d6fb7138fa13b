# Answers to the practice of chapter 5 that goes through the memory cell. See lstm.py for the form.

# right
def cell_gradients(dh, dc, f, o, c):
    T = len(dh)
    rows = [None] * T
    rows[T - 1] = dh[T - 1] * o[T - 1] / np.cosh(c[T - 1]) ** 2 + dc
    for t in range(T - 2, -1, -1):
        rows[t] = dh[t] * o[t] / np.cosh(c[t]) ** 2 + rows[t + 1] * f[t + 1]
    return rows

# right
def cell_gradients(dh, dc, f, o, c):
    direct = dh * o * (1 - np.tanh(c) ** 2)
    direct[-1] += dc
    out = []
    for t in range(len(f)):
        total = 0
        for s in range(t, len(f)):
            total = total + direct[s] * np.prod(f[t + 1 : s + 1], axis=0)
        out.append(total)
    return np.array(out)

# wrong: gate one off
def cell_gradients(dh, dc, f, o, c):
    T = len(dh)
    out = np.zeros_like(dh)
    out[-1] = dc + dh[-1] * o[-1] * (1 - np.tanh(c[-1]) ** 2)
    for t in reversed(range(T - 1)):
        out[t] = out[t + 1] * f[t] + dh[t] * o[t] * (1 - np.tanh(c[t]) ** 2)
    return out

# wrong: no slope
def cell_gradients(dh, dc, f, o, c):
    out = np.zeros_like(dh)
    for t in reversed(range(len(dh))):
        out[t] = dc + dh[t] * o[t]
        dc = out[t] * f[t]
    return out

# wrong: no output gate
def cell_gradients(dh, dc, f, o, c):
    out = np.zeros_like(dh)
    for t in reversed(range(len(dh))):
        out[t] = dc + dh[t] * (1 - np.tanh(c[t]) ** 2)
        dc = out[t] * f[t]
    return out

# wrong: tanh for its slope
def cell_gradients(dh, dc, f, o, c):
    out = np.zeros_like(dh)
    for t in reversed(range(len(dh))):
        out[t] = dc + dh[t] * o[t] * np.tanh(c[t])
        dc = out[t] * f[t]
    return out

# wrong: slope of c
def cell_gradients(dh, dc, f, o, c):
    out = np.zeros_like(dh)
    for t in reversed(range(len(dh))):
        out[t] = dc + dh[t] * o[t] * (1 - c[t] ** 2)
        dc = out[t] * f[t]
    return out

# wrong: nothing handed on
def cell_gradients(dh, dc, f, o, c):
    out = dh * o * (1 - np.tanh(c) ** 2)
    out[-1] += dc
    return out

# wrong: dc forgotten
def cell_gradients(dh, dc, f, o, c):
    out = np.zeros_like(dh)
    dc = 0
    for t in reversed(range(len(dh))):
        out[t] = dc + dh[t] * o[t] * (1 - np.tanh(c[t]) ** 2)
        dc = out[t] * f[t]
    return out

# wrong: reversed
def cell_gradients(dh, dc, f, o, c):
    out = []
    for t in reversed(range(len(dh))):
        dc = dc + dh[t] * o[t] * (1 - np.tanh(c[t]) ** 2)
        out.append(dc)
        dc = dc * f[t]
    return np.array(out)

# wrong: no-return
def cell_gradients(dh, dc, f, o, c):
    out = np.zeros_like(dh)
    for t in reversed(range(len(dh))):
        out[t] = dc + dh[t] * o[t] * (1 - np.tanh(c[t]) ** 2)
        dc = out[t] * f[t]

# wrong: past the end
def cell_gradients(dh, dc, f, o, c):
    out = np.zeros_like(dh)
    for t in range(len(dh) - 1, -1, -1):
        out[t] = dh[t] * o[t] * (1 - np.tanh(c[t]) ** 2) + out[t + 1] * f[t + 1]
    return out

# wrong: dc gated
def cell_gradients(dh, dc, f, o, c):
    out, later = np.zeros_like(dh), dc * f[-1]
    for t in reversed(range(len(dh))):
        out[t] = later + dh[t] * o[t] * (1 - np.tanh(c[t]) ** 2)
        later = out[t] * f[t]
    return out

# wrong: the gate of the step
def cell_gradients(dh, dc, f, o, c):
    out = np.zeros_like(dh)
    for t in reversed(range(len(dh))):
        dc = out[t] = dc * f[t] + dh[t] * o[t] * (1 - np.tanh(c[t]) ** 2)
    return out

# wrong: last row dc alone
def cell_gradients(dh, dc, f, o, c):
    out = np.zeros_like(dh)
    out[-1] = dc
    for t in range(len(dh) - 2, -1, -1):
        out[t] = dh[t] * o[t] * (1 - np.tanh(c[t]) ** 2) + out[t + 1] * f[t + 1]
    return out

# wrong: dc at every step
def cell_gradients(dh, dc, f, o, c):
    out, later = np.zeros_like(dh), 0
    for t in reversed(range(len(dh))):
        out[t] = dc + later + dh[t] * o[t] * (1 - np.tanh(c[t]) ** 2)
        later = out[t] * f[t]
    return out

# wrong: slope of the gate
def cell_gradients(dh, dc, f, o, c):
    out = np.zeros_like(dh)
    for t in reversed(range(len(dh))):
        out[t] = dc + dh[t] * o[t] * (1 - np.tanh(c[t]) ** 2)
        dc = out[t] * f[t] * (1 - f[t])
    return out

# wrong: changes-input
def cell_gradients(dh, dc, f, o, c):
    out = np.zeros_like(dh)
    for t in reversed(range(len(dh))):
        dc += dh[t] * o[t] * (1 - np.tanh(c[t]) ** 2)
        out[t] = dc
        dc *= f[t]
    return out

# right
def shares(f, i):
    weights = [1.0]
    for ft, it in zip(f, i):
        weights = [w * ft for w in weights] + [it]
    return weights

# right
def shares(f, i):
    after = np.append(np.cumprod(f[::-1])[::-1], 1)
    after[1:] *= i
    return after

# wrong: own gate too
def shares(f, i):
    after = np.cumprod(f[::-1])[::-1]
    return np.append(after[0], i * after)

# wrong: no input gate
def shares(f, i):
    return np.append(np.cumprod(f[::-1])[::-1], 1)

# wrong: gates before
def shares(f, i):
    return np.append(np.prod(f), i * np.cumprod(f))

# wrong: c_0 left out
def shares(f, i):
    return [i[t] * np.prod(f[t + 1 :]) for t in range(len(f))]

# wrong: c_0 kept
def shares(f, i):
    return [1] + [i[t] * np.prod(f[t + 1 :]) for t in range(len(f))]

# wrong: c_0 last
def shares(f, i):
    return [i[t] * np.prod(f[t + 1 :]) for t in range(len(f))] + [np.prod(f)]

# wrong: gates before
def shares(f, i):
    before = np.cumprod(np.append(1, f[:-1]))
    return np.append(np.prod(f), i * before)

# wrong: not turned back
def shares(f, i):
    after = np.append(1, np.cumprod(f[::-1]))
    return np.append(after[-1], i * after[:-1])

# wrong: coupled
def shares(f, i):
    return [np.prod(f)] + [(1 - f[t]) * np.prod(f[t + 1 :]) for t in range(len(f))]

# wrong: ?
def shares(f, i):
    return [np.prod(f)] + [i[t] * f[t] for t in range(len(f))]
