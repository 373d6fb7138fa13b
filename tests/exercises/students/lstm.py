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

# wrong: no bias
def lstm_step(x, h, c, W_xh, W_hh, b):
    i, f, g, o = np.split(W_xh @ x + W_hh @ h, 4)
    i, f, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c

# wrong: no old h
def lstm_step(x, h, c, W_xh, W_hh, b):
    i, f, g, o = np.split(W_xh @ x + b, 4)
    i, f, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c

# wrong: h for c
def lstm_step(x, h, c, W_xh, W_hh, b):
    i, f, g, o = np.split(W_xh @ x + W_hh @ h + b, 4)
    i, f, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
    c = f * h + i * np.tanh(g)
    return o * np.tanh(c), c

# wrong: the old c returned
def lstm_step(x, h, c, W_xh, W_hh, b):
    i, f, g, o = np.split(W_xh @ x + W_hh @ h + b, 4)
    i, f, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
    h = o * np.tanh(f * c + i * np.tanh(g))
    return h, c

# wrong: tanh of the product
def lstm_step(x, h, c, W_xh, W_hh, b):
    i, f, g, o = np.split(W_xh @ x + W_hh @ h + b, 4)
    i, f, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
    c = f * c + i * np.tanh(g)
    return np.tanh(o * c), c

# wrong: σ of the cell
def lstm_step(x, h, c, W_xh, W_hh, b):
    i, f, g, o = np.split(W_xh @ x + W_hh @ h + b, 4)
    i, f, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
    c = f * c + i * np.tanh(g)
    return o / (1 + np.exp(-c)), c

# wrong: tanh on the cell
def lstm_step(x, h, c, W_xh, W_hh, b):
    i, f, g, o = np.split(W_xh @ x + W_hh @ h + b, 4)
    i, f, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
    c = np.tanh(f * c + i * np.tanh(g))
    return o * c, c

# wrong: g without tanh
def lstm_step(x, h, c, W_xh, W_hh, b):
    i, f, g, o = np.split(W_xh @ x + W_hh @ h + b, 4)
    i, f, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
    c = f * c + i * g
    return o * np.tanh(c), c

# wrong: rows in turn
def lstm_step(x, h, c, W_xh, W_hh, b):
    i, f, g, o = (W_xh @ x + W_hh @ h + b).reshape(-1, 4).T
    i, f, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c

# wrong: rows in turn
def lstm_step(x, h, c, W_xh, W_hh, b):
    a = W_xh @ x + W_hh @ h + b
    i, f, g, o = a[0], a[1], a[2], a[3]
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

# wrong: power
def forget_bias(steps, left):
    f = left**steps
    return np.log(f / (1 - f))
