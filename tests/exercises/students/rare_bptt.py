# Less usual answers to the practice of chapter 3, written after its mistakes had been chosen. See bptt.py for the form.

# right
def one_step_back(c, da_next, W_hh):
    return [c[k] + W_hh[:, k] @ da_next for k in range(len(c))]

# wrong: slope at dh
def through_tanh(dh, h):
    return dh * (1 - dh**2)

# wrong: slope at dh
def through_tanh(dh, h):
    return h * (1 - dh**2)

# wrong: tanh twice
def through_tanh(dh, h):
    return dh * (1 - np.tanh(h)**2)

# wrong: ?
def one_step_back(c, da_next, W_hh):
    return c + W_hh.T @ (da_next * (1 - da_next**2))

# wrong: exchanged
def one_step_back(c, da_next, W_hh):
    return c @ W_hh + da_next

# wrong: transposed
def recurrent_gradient(da, hs, h0):
    return sum(np.outer(hs[t - 1], da[t]) for t in range(1, len(da))) + np.outer(h0, da[0])

# wrong: last step
def recurrent_gradient(da, hs, h0):
    dW = np.outer(da[0], h0)
    for t in range(1, len(da)):
        dW = np.outer(da[t], hs[t - 1])
    return dW

# wrong: exception
def recurrent_gradient(da, hs, h0):
    hs = np.concatenate([h0[None], hs])
    return da.T @ hs

# wrong: ?
def derivative(f, x, eps):
    return (f(x) - f(x + eps)) / eps

# wrong: forward
def derivative(f, x, eps):
    return (f(x + 2 * eps) - f(x)) / (2 * eps)

# wrong: not through the tanh
def scalar_bptt(w, u, xs):
    hs = [0]
    for x in xs:
        hs.append(np.tanh(w * x + u * hs[-1]))
    dw = du = dh = 0
    for t in range(len(xs), 0, -1):
        dh = 1 + u * dh
        da = dh * (1 - hs[t] ** 2)
        dw += da * xs[t - 1]
        du += da * hs[t - 1]
    return dw, du

# wrong: slope of the old state
def scalar_bptt(w, u, xs):
    hs = [0]
    for x in xs:
        hs.append(np.tanh(w * x + u * hs[-1]))
    dw = du = da = 0
    for t in range(len(xs), 0, -1):
        da = (1 + u * da) * (1 - hs[t - 1] ** 2)
        dw += da * xs[t - 1]
        du += da * hs[t - 1]
    return dw, du
