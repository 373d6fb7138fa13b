# Answers to the practice of chapter 3, as students write them. Each stands below a line that says how it is judged:
# "right", or "wrong: id" with the mistake that must be recognised, or "wrong: ?" if it is only refused.

# right
def through_tanh(dh, h):
    return np.diag(1 - h**2) @ dh

# right
def through_tanh(dh, h):
    return [d * (1 + s) * (1 - s) for d, s in zip(dh, h)]

# right
def through_tanh(dh, h):
    a = torch.tensor(np.arctanh(h), requires_grad=True)
    torch.tanh(a).backward(torch.tensor(dh))
    return a.grad

# wrong: tanh twice
def through_tanh(dh, h):
    return dh * (1 - np.tanh(h) ** 2)

# wrong: square outside
def through_tanh(dh, h):
    return dh * (1 - h) ** 2

# wrong: precedence
def through_tanh(dh, h):
    return dh * 1 - h**2

# wrong: no dh
def through_tanh(dh, h):
    return 1 - h**2

# wrong: sigmoid
def through_tanh(dh, h):
    return dh * h * (1 - h)

# wrong: summed
def through_tanh(dh, h):
    return dh @ (1 - h**2)

# wrong: ?
def through_tanh(dh, h):
    return np.outer(dh, 1 - h**2)

# right
def one_step_back(c, da_next, W_hh):
    return c + da_next @ W_hh

# right
def one_step_back(c, da_next, W_hh):
    dh = np.zeros_like(c)
    H = len(c)
    for k in range(H):
        dh[k] = c[k]
        for i in range(H):
            dh[k] += W_hh[i, k] * da_next[i]
    return dh

# right
def one_step_back(c, da_next, W_hh):
    c, da_next, W_hh = torch.Tensor(c), torch.Tensor(da_next), torch.Tensor(W_hh)
    return c + torch.mv(W_hh.T, da_next)

# wrong: transposed
def one_step_back(c, da_next, W_hh):
    return c + W_hh @ da_next

# wrong: elementwise
def one_step_back(c, da_next, W_hh):
    return c + W_hh.T * da_next

# wrong: no present
def one_step_back(c, da_next, W_hh):
    return np.dot(W_hh.T, da_next)

# wrong: present twice
def one_step_back(c, da_next, W_hh):
    return W_hh.T @ (da_next + c)

# wrong: product
def one_step_back(c, da_next, W_hh):
    return c * (W_hh.T @ da_next)

# right
def recurrent_gradient(da, hs, h0):
    T, H = da.shape
    dW = np.zeros((H, H))
    prev = h0
    for t in range(T):
        dW += np.outer(da[t], prev)
        prev = hs[t]
    return dW

# right
def recurrent_gradient(da, hs, h0):
    before = np.vstack([h0, hs])[:-1]
    return np.einsum("ti,tj->ij", da, before)

# right
def recurrent_gradient(da, hs, h0):
    return np.outer(da[0], h0) + da[1:].T @ hs[:-1]

# wrong: off by one
def recurrent_gradient(da, hs, h0):
    return sum(np.outer(da[t], hs[t]) for t in range(len(da)))

# wrong: no h0
def recurrent_gradient(da, hs, h0):
    dW = np.zeros((len(h0), len(h0)))
    for t in range(1, len(da)):
        dW += np.outer(da[t], hs[t - 1])
    return dW

# wrong: rolled
def recurrent_gradient(da, hs, h0):
    dW = 0
    for t in range(len(da)):
        dW = dW + np.outer(da[t], hs[t - 1])
    return dW

# wrong: transposed
def recurrent_gradient(da, hs, h0):
    before = np.concatenate([h0[None], hs[:-1]])
    return before.T @ da

# wrong: mean
def recurrent_gradient(da, hs, h0):
    before = np.concatenate([h0.reshape(1, -1), hs[:-1]])
    return da.T @ before / len(da)

# wrong: time by time
def recurrent_gradient(da, hs, h0):
    before = np.concatenate([h0[None], hs[:-1]])
    return da @ before.T

# wrong: last step
def recurrent_gradient(da, hs, h0):
    states = [h0] + list(hs)
    for t in range(len(da)):
        dW = np.outer(da[t], states[t])
    return dW

# wrong: diagonal
def recurrent_gradient(da, hs, h0):
    before = np.concatenate([h0[None], hs[:-1]])
    return (da * before).sum(axis=0)

# right
def derivative(f, x, eps):
    return (f(x + eps) - f(x - eps)) / 2 / eps

# right
def derivative(f, x, eps):
    left, right = x - eps, x + eps
    return (f(right) - f(left)) / (right - left)

# wrong: half the width
def derivative(f, x, eps):
    return (f(x + eps) - f(x - eps)) / eps

# wrong: divided by 2
def derivative(f, x, eps):
    return (f(x + eps) - f(x - eps)) / 2 * eps

# wrong: precedence
def derivative(f, x, eps):
    return f(x + eps) - f(x - eps) / (2 * eps)

# wrong: forward
def derivative(f, x, eps):
    return (f(x + eps) - f(x)) / eps

# wrong: half steps
def derivative(f, x, eps):
    return (f(x + eps / 2) - f(x - eps / 2)) / eps

# wrong: own eps
def derivative(f, x, eps):
    eps = 1e-5
    return (f(x + eps) - f(x - eps)) / (2 * eps)

# wrong: no-return
def derivative(f, x, eps):
    print((f(x + eps) - f(x - eps)) / (2 * eps))

# right
def scalar_bptt(w, u, xs):
    w = torch.tensor(w, requires_grad=True)
    u = torch.tensor(u, requires_grad=True)
    h, loss = 0.0, 0.0
    for x in xs:
        h = torch.tanh(w * x + u * h)
        loss = loss + h
    loss.backward()
    return w.grad.item(), u.grad.item()

# right
def scalar_bptt(w, u, xs):
    h = hw = hu = gw = gu = 0.0
    for x in xs:
        new = math.tanh(w * x + u * h)
        hw = (1 - new**2) * (x + u * hw)
        hu = (1 - new**2) * (h + u * hu)
        h = new
        gw += hw
        gu += hu
    return gw, gu

# wrong: no future
def scalar_bptt(w, u, xs):
    h = dw = du = 0
    for x in xs:
        new = np.tanh(w * x + u * h)
        dw += (1 - new**2) * x
        du += (1 - new**2) * h
        h = new
    return dw, du

# wrong: last only
def scalar_bptt(w, u, xs):
    hs = [0]
    for x in xs:
        hs.append(np.tanh(w * x + u * hs[-1]))
    dh, dw, du = 1, 0, 0
    for t in reversed(range(len(xs))):
        da = dh * (1 - hs[t + 1] ** 2)
        dw += da * xs[t]
        du += da * hs[t]
        dh = u * da
    return dw, du

# wrong: off by one
def scalar_bptt(w, u, xs):
    hs, h = [], 0
    for x in xs:
        h = np.tanh(w * x + u * h)
        hs.append(h)
    dw = du = da = 0
    for t in range(len(xs) - 1, -1, -1):
        da = (1 + u * da) * (1 - hs[t] ** 2)
        dw += da * xs[t]
        du += da * hs[t]
    return dw, du

# wrong: not summed
def scalar_bptt(w, u, xs):
    hs = [0]
    for x in xs:
        hs.append(np.tanh(w * x + u * hs[-1]))
    da = 0
    for t in range(len(xs), 0, -1):
        da = (1 + u * da) * (1 - hs[t] ** 2)
        dw = da * xs[t - 1]
        du = da * hs[t - 1]
    return dw, du

# wrong: no u
def scalar_bptt(w, u, xs):
    hs = [0]
    for x in xs:
        hs.append(np.tanh(w * x + u * hs[-1]))
    dw = du = da = 0
    for t in range(len(xs), 0, -1):
        da = (1 + da) * (1 - hs[t] ** 2)
        dw += da * xs[t - 1]
        du += da * hs[t - 1]
    return dw, du

# wrong: forward in time
def scalar_bptt(w, u, xs):
    hs = [0]
    for x in xs:
        hs.append(np.tanh(w * x + u * hs[-1]))
    dw = du = da = 0
    for t in range(1, len(xs) + 1):
        da = (1 + u * da) * (1 - hs[t] ** 2)
        dw += da * xs[t - 1]
        du += da * hs[t - 1]
    return dw, du
