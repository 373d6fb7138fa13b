# Answers to the practice of chapter 13, the way back of the norm, as students write them. See gradients.py for the form.

# right
def layer_norm_backward(dy, x, gain, eps):
    B, T, D = x.shape
    dx, dgain, dbias = np.zeros(x.shape), np.zeros(D), np.zeros(D)
    for b in range(B):
        for t in range(T):
            mean, root = x[b, t].mean(), np.sqrt(x[b, t].var() + eps)
            n = (x[b, t] - mean) / root
            jacobian = (np.eye(D) - 1 / D - np.outer(n, n) / D) / root
            dx[b, t] = jacobian @ (gain * dy[b, t])
            dgain += dy[b, t] * n
            dbias += dy[b, t]
    return dx, dgain, dbias

# right
def layer_norm_backward(dy, x, gain, eps):
    x, g = torch.tensor(x, requires_grad=True), torch.tensor(gain, requires_grad=True)
    b = torch.zeros_like(g, requires_grad=True)
    torch.nn.functional.layer_norm(x, (x.shape[-1],), g, b, eps).backward(torch.tensor(dy))
    return x.grad, g.grad, b.grad

# right
def layer_norm_backward(dy, x, gain, eps):
    D = x.shape[-1]
    c = x - x.mean(-1, keepdims=True)
    var = (c**2).mean(-1, keepdims=True) + eps
    dn = dy * gain
    dvar = (dn * c).sum(-1, keepdims=True) * -0.5 * var**-1.5
    dmean = -dn.sum(-1, keepdims=True) / np.sqrt(var) + dvar * (-2 * c).mean(-1, keepdims=True)
    dx = dn / np.sqrt(var) + dvar * 2 * c / D + dmean / D
    return dx, np.einsum("btd,btd->d", dy, c / np.sqrt(var)), np.einsum("btd->d", dy)

# right
def layer_norm_backward(dy, x, gain, eps):
    D = x.shape[-1]
    root = np.sqrt(x.var(-1, keepdims=True) + eps)
    n = (x - x.mean(-1, keepdims=True)) / root
    d = dy * gain
    dx = D * d - d.sum(-1, keepdims=True) - n * (d * n).sum(-1, keepdims=True)
    return [dx / (D * root), (dy * n).reshape(-1, D).sum(0), dy.reshape(-1, D).sum(0)]

# wrong: statistics are constants
def layer_norm_backward(dy, x, gain, eps):
    root = np.sqrt(x.var(-1, keepdims=True) + eps)
    n = (x - x.mean(-1, keepdims=True)) / root
    return dy * gain / root, (dy * n).sum((0, 1)), dy.sum((0, 1))

# wrong: statistics are constants
def layer_norm_backward(dy, x, gain, eps):
    x, g = torch.tensor(x, requires_grad=True), torch.tensor(gain, requires_grad=True)
    b = torch.zeros_like(g, requires_grad=True)
    mean, var = x.detach().mean(-1, keepdim=True), x.detach().var(-1, keepdim=True, correction=0)
    ((x - mean) / (var + eps).sqrt() * g + b).backward(torch.tensor(dy))
    return x.grad, g.grad, b.grad

# wrong: mean is a constant
def layer_norm_backward(dy, x, gain, eps):
    root = np.sqrt(x.var(-1, keepdims=True) + eps)
    n, d = (x - x.mean(-1, keepdims=True)) / root, dy * gain
    return (d - n * (d * n).mean(-1, keepdims=True)) / root, (dy * n).sum((0, 1)), dy.sum((0, 1))

# wrong: variance is a constant
def layer_norm_backward(dy, x, gain, eps):
    root = np.sqrt(x.var(-1, keepdims=True) + eps)
    n, d = (x - x.mean(-1, keepdims=True)) / root, dy * gain
    return (d - d.mean(-1, keepdims=True)) / root, (dy * n).sum((0, 1)), dy.sum((0, 1))

# wrong: gain left out
def layer_norm_backward(dy, x, gain, eps):
    root = np.sqrt(x.var(-1, keepdims=True) + eps)
    n, d = (x - x.mean(-1, keepdims=True)) / root, dy
    dx = (d - d.mean(-1, keepdims=True) - n * (d * n).mean(-1, keepdims=True)) / root
    return dx, (dy * n).sum((0, 1)), dy.sum((0, 1))

# wrong: gain at the end
def layer_norm_backward(dy, x, gain, eps):
    root = np.sqrt(x.var(-1, keepdims=True) + eps)
    n, d = (x - x.mean(-1, keepdims=True)) / root, dy
    dx = gain * (d - d.mean(-1, keepdims=True) - n * (d * n).mean(-1, keepdims=True)) / root
    return dx, (dy * n).sum((0, 1)), dy.sum((0, 1))

# wrong: root left out
def layer_norm_backward(dy, x, gain, eps):
    n = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps)
    d = dy * gain
    dx = d - d.mean(-1, keepdims=True) - n * (d * n).mean(-1, keepdims=True)
    return dx, (dy * n).sum((0, 1)), dy.sum((0, 1))

# wrong: sums for means
def layer_norm_backward(dy, x, gain, eps):
    root = np.sqrt(x.var(-1, keepdims=True) + eps)
    n, d = (x - x.mean(-1, keepdims=True)) / root, dy * gain
    dx = (d - d.sum(-1, keepdims=True) - n * (d * n).sum(-1, keepdims=True)) / root
    return dx, (dy * n).sum((0, 1)), dy.sum((0, 1))

# wrong: x for x̂
def layer_norm_backward(dy, x, gain, eps):
    root = np.sqrt(x.var(-1, keepdims=True) + eps)
    n, d = (x - x.mean(-1, keepdims=True)) / root, dy * gain
    dx = (d - d.mean(-1, keepdims=True) - n * (d * n).mean(-1, keepdims=True)) / root
    return dx, (dy * x).sum((0, 1)), dy.sum((0, 1))

# wrong: eps left out
def layer_norm_backward(dy, x, gain, eps):
    root = x.std(-1, keepdims=True)
    n, d = (x - x.mean(-1, keepdims=True)) / root, dy * gain
    dx = (d - d.mean(-1, keepdims=True) - n * (d * n).mean(-1, keepdims=True)) / root
    return dx, (dy * n).sum((0, 1)), dy.sum((0, 1))

# wrong: not added up
def layer_norm_backward(dy, x, gain, eps):
    root = np.sqrt(x.var(-1, keepdims=True) + eps)
    n, d = (x - x.mean(-1, keepdims=True)) / root, dy * gain
    dx = (d - d.mean(-1, keepdims=True) - n * (d * n).mean(-1, keepdims=True)) / root
    return dx, (dy * n).sum(axis=0), dy.sum(axis=0)

# wrong: added up over the features
def layer_norm_backward(dy, x, gain, eps):
    root = np.sqrt(x.var(-1, keepdims=True) + eps)
    n, d = (x - x.mean(-1, keepdims=True)) / root, dy * gain
    dx = (d - d.mean(-1, keepdims=True) - n * (d * n).mean(-1, keepdims=True)) / root
    return dx, (dy * n).sum(), dy.sum()

# wrong: order
def layer_norm_backward(dy, x, gain, eps):
    root = np.sqrt(x.var(-1, keepdims=True) + eps)
    n, d = (x - x.mean(-1, keepdims=True)) / root, dy * gain
    dx = (d - d.mean(-1, keepdims=True) - n * (d * n).mean(-1, keepdims=True)) / root
    return (dy * n).sum((0, 1)), dy.sum((0, 1)), dx

# wrong: dx alone
def layer_norm_backward(dy, x, gain, eps):
    x = torch.tensor(x, requires_grad=True)
    torch.nn.functional.layer_norm(x, (x.shape[-1],), torch.tensor(gain), None, eps).backward(torch.tensor(dy))
    return x.grad

# wrong: ?
def layer_norm_backward(dy, x, gain, eps):
    root = np.sqrt(x.var(-1, keepdims=True) + eps)
    n, d = (x - x.mean(-1, keepdims=True)) / root, dy * gain
    dx = (d - d.mean(-1, keepdims=True) - n * (d * n).mean(-1, keepdims=True)) / root
    return dx, (dy * n).max((0, 1)), dy.max((0, 1))
