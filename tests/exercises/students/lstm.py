# Answers to the practice of chapter 5, as students write them. Each stands below a line that says how it is judged:
# "right", or "wrong: id" with the mistake that must be recognised, or "wrong: ?" if it is only refused.

# right
def lstm_step(x, h, c, W_xh, W_hh, b):
    H = len(h)
    a = W_xh @ x + W_hh @ h + b
    sig = lambda z: 1 / (1 + np.exp(-z))
    c_new = sig(a[H : 2 * H]) * c + sig(a[:H]) * np.tanh(a[2 * H : 3 * H])
    h_new = sig(a[3 * H :]) * np.tanh(c_new)
    return h_new, c_new

# right
def lstm_step(x, h, c, W_xh, W_hh, b):
    cell = torch.nn.LSTMCell(len(x), len(h), dtype=torch.float64)
    with torch.no_grad():
        cell.weight_ih.copy_(torch.tensor(W_xh))
        cell.weight_hh.copy_(torch.tensor(W_hh))
        cell.bias_ih.copy_(torch.tensor(b))
        cell.bias_hh.zero_()
        return cell(torch.tensor(x), (torch.tensor(h), torch.tensor(c)))

# wrong: order i, f, o, g
def lstm_step(x, h, c, W_xh, W_hh, b):
    i, f, o, g = np.split(W_xh @ x + W_hh @ h + b, 4)
    i, f, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c

# wrong: order f, i, g, o
def lstm_step(x, h, c, W_xh, W_hh, b):
    f, i, g, o = np.split(W_xh @ x + W_hh @ h + b, 4)
    i, f, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c

# wrong: σ for the candidate
def lstm_step(x, h, c, W_xh, W_hh, b):
    gates = 1 / (1 + np.exp(-(W_xh @ x + W_hh @ h + b)))
    i, f, g, o = np.split(gates, 4)
    c = f * c + i * g
    return o * np.tanh(c), c

# wrong: no tanh on c
def lstm_step(x, h, c, W_xh, W_hh, b):
    i, f, g, o = np.split(W_xh @ x + W_hh @ h + b, 4)
    i, f, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
    c = f * c + i * np.tanh(g)
    return o * c, c

# wrong: the old cell
def lstm_step(x, h, c, W_xh, W_hh, b):
    i, f, g, o = np.split(W_xh @ x + W_hh @ h + b, 4)
    i, f, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
    h = o * np.tanh(c)
    c = f * c + i * np.tanh(g)
    return h, c

# wrong: c and h swapped
def lstm_step(x, h, c, W_xh, W_hh, b):
    i, f, g, o = np.split(W_xh @ x + W_hh @ h + b, 4)
    i, f, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
    c = f * c + i * np.tanh(g)
    return c, o * np.tanh(c)

# wrong: h alone
def lstm_step(x, h, c, W_xh, W_hh, b):
    i, f, g, o = np.split(W_xh @ x + W_hh @ h + b, 4)
    i, f, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
    return o * np.tanh(f * c + i * np.tanh(g))

# wrong: ?
def lstm_step(x, h, c, W_xh, W_hh, b):
    i, f, g, o = np.split(W_xh @ x + W_hh @ h, 4)
    i, f, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c

# right
def forget_bias(steps, left):
    return -math.log(left ** (-1 / steps) - 1)

# right
def forget_bias(steps, left):
    return torch.logit(torch.tensor(left, dtype=torch.float64) ** (1 / steps))

# wrong: the gate
def forget_bias(steps, left):
    return np.exp(np.log(left) / steps)

# wrong: sign
def forget_bias(steps, left):
    f = left ** (1 / steps)
    return np.log(1 / f - 1)

# wrong: no root
def forget_bias(steps, left):
    return np.log(left / (1 - left))

# wrong: ln f
def forget_bias(steps, left):
    return np.log(left) / steps

# wrong: divided
def forget_bias(steps, left):
    f = left / steps
    return np.log(f / (1 - f))

# wrong: 1 - left
def forget_bias(steps, left):
    f = (1 - left) ** (1 / steps)
    return np.log(f / (1 - f))

# wrong: ?
def forget_bias(steps, left):
    f = left**steps
    return np.log(f / (1 - f))

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

# wrong: ?
def shares(f, i):
    return [np.prod(f)] + [i[t] * f[t] for t in range(len(f))]
