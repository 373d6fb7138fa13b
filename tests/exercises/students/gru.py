# Answers to the practice of chapter 6, as students write them. See gradients.py for the form.

# right
def gru_step(W_xh, W_hh, b_xh, b_hh, x, h):
    H = len(h)
    sig = lambda a: 1 / (1 + np.exp(-a))
    a = W_xh @ x + b_xh
    u = W_hh @ h + b_hh
    r = sig(a[:H] + u[:H])
    z = sig(a[H:2*H] + u[H:2*H])
    n = np.tanh(a[2*H:] + r * u[2*H:])
    return (1 - z) * n + z * h

# right
def gru_step(W_xh, W_hh, b_xh, b_hh, x, h):
    gi = torch.tensor(W_xh) @ torch.tensor(x) + torch.tensor(b_xh)
    gh = torch.tensor(W_hh) @ torch.tensor(h) + torch.tensor(b_hh)
    i_r, i_z, i_n = gi.chunk(3)
    h_r, h_z, h_n = gh.chunk(3)
    r = torch.sigmoid(i_r + h_r)
    z = torch.sigmoid(i_z + h_z)
    n = torch.tanh(i_n + r * h_n)
    return n + z * (torch.tensor(h) - n)

# wrong: z swapped
def gru_step(W_xh, W_hh, b_xh, b_hh, x, h):
    H = len(h)
    a = W_xh @ x + b_xh
    u = W_hh @ h + b_hh
    r = 1 / (1 + np.exp(-(a[:H] + u[:H])))
    z = 1 / (1 + np.exp(-(a[H:2*H] + u[H:2*H])))
    n = np.tanh(a[2*H:] + r * u[2*H:])
    return z * n + (1 - z) * h

# wrong: reset before
def gru_step(W_xh, W_hh, b_xh, b_hh, x, h):
    H = len(h)
    b = b_xh + b_hh
    sig = lambda a: 1 / (1 + np.exp(-a))
    r = sig(W_xh[:H] @ x + W_hh[:H] @ h + b[:H])
    z = sig(W_xh[H:2*H] @ x + W_hh[H:2*H] @ h + b[H:2*H])
    n = np.tanh(W_xh[2*H:] @ x + W_hh[2*H:] @ (r * h) + b[2*H:])
    return z * h + (1 - z) * n

# wrong: b_hn outside
def gru_step(W_xh, W_hh, b_xh, b_hh, x, h):
    H = len(h)
    b = b_xh + b_hh
    sig = lambda a: 1 / (1 + np.exp(-a))
    r = sig(W_xh[:H] @ x + W_hh[:H] @ h + b[:H])
    z = sig(W_xh[H:2*H] @ x + W_hh[H:2*H] @ h + b[H:2*H])
    n = np.tanh(W_xh[2*H:] @ x + r * (W_hh[2*H:] @ h) + b[2*H:])
    return z * h + (1 - z) * n

# wrong: z, r, n
def gru_step(W_xh, W_hh, b_xh, b_hh, x, h):
    a_z, a_r, a_n = np.split(W_xh @ x + b_xh, 3)
    u_z, u_r, u_n = np.split(W_hh @ h + b_hh, 3)
    z = 1 / (1 + np.exp(-a_z - u_z))
    r = 1 / (1 + np.exp(-a_r - u_r))
    n = np.tanh(a_n + r * u_n)
    return z * h + (1 - z) * n

# wrong: input reset too
def gru_step(W_xh, W_hh, b_xh, b_hh, x, h):
    a_r, a_z, a_n = np.split(W_xh @ x + b_xh + W_hh @ h + b_hh, 3)
    r = 1 / (1 + np.exp(-a_r))
    z = 1 / (1 + np.exp(-a_z))
    n = np.tanh(r * a_n)
    return z * h + (1 - z) * n

# wrong: no reset
def gru_step(W_xh, W_hh, b_xh, b_hh, x, h):
    a_r, a_z, a_n = np.split(W_xh @ x + b_xh + W_hh @ h + b_hh, 3)
    z = 1 / (1 + np.exp(-a_z))
    return z * h + (1 - z) * np.tanh(a_n)

# wrong: a bias forgotten
def gru_step(W_xh, W_hh, b_xh, b_hh, x, h):
    a_r, a_z, a_n = np.split(W_xh @ x + b_xh, 3)
    u_r, u_z, u_n = np.split(W_hh @ h, 3)
    r, z = 1 / (1 + np.exp(-a_r - u_r)), 1 / (1 + np.exp(-a_z - u_z))
    return z * h + (1 - z) * np.tanh(a_n + r * u_n)

# right
def flip_z(W_xh, W_hh, b_xh, b_hh):
    H = W_hh.shape[1]
    W_xh, W_hh, b_xh, b_hh = W_xh.copy(), W_hh.copy(), b_xh.copy(), b_hh.copy()
    for w in (W_xh, W_hh, b_xh, b_hh):
        w[H:2*H] = -w[H:2*H]
    return W_xh, W_hh, b_xh, b_hh

# right
def flip_z(W_xh, W_hh, b_xh, b_hh):
    H = W_hh.shape[1]
    s = torch.tensor([1.0] * H + [-1.0] * H + [1.0] * H)
    return [torch.tensor(w) * (s[:, None] if w.ndim == 2 else s) for w in (W_xh, W_hh, b_xh, b_hh)]

# wrong: biases forgotten
def flip_z(W_xh, W_hh, b_xh, b_hh):
    H = W_hh.shape[1]
    W_xh, W_hh = W_xh.copy(), W_hh.copy()
    W_xh[H:2*H] *= -1
    W_hh[H:2*H] *= -1
    return W_xh, W_hh, b_xh, b_hh

# wrong: a bias forgotten
def flip_z(W_xh, W_hh, b_xh, b_hh):
    s = np.repeat([1, -1, 1], len(b_xh) // 3)
    return W_xh * s[:, None], W_hh * s[:, None], b_xh * s, b_hh

# wrong: r
def flip_z(W_xh, W_hh, b_xh, b_hh):
    s = np.repeat([-1, 1, 1], len(b_xh) // 3)
    return W_xh * s[:, None], W_hh * s[:, None], b_xh * s, b_hh * s

# wrong: all
def flip_z(W_xh, W_hh, b_xh, b_hh):
    return -W_xh, -W_hh, -b_xh, -b_hh

# wrong: changes-input
def flip_z(W_xh, W_hh, b_xh, b_hh):
    H = len(b_xh) // 3
    for w in (W_xh, W_hh, b_xh, b_hh):
        w[H:2*H] *= -1
    return W_xh, W_hh, b_xh, b_hh

# wrong: state alone
def flip_z(W_xh, W_hh, b_xh, b_hh):
    r, z, n = np.split(W_hh, 3)
    return W_xh, np.concatenate([r, -z, n]), b_xh, b_hh

# right
def gate_gradients(dh, h, r, z, n, q):
    dn = dh * (1 - z)
    dz = dh * h - dh * n
    da_n = dn * (1 - n**2)
    dr = da_n * q
    return [dr * r * (1 - r), dz * z * (1 - z)]

# right
def gate_gradients(dh, h, r, z, n, q):
    a_r = torch.tensor(np.log(r / (1 - r)), requires_grad=True)
    a_z = torch.tensor(np.log(z / (1 - z)), requires_grad=True)
    inside = torch.tensor(np.arctanh(n) - r * q)
    zz = torch.sigmoid(a_z)
    nn = torch.tanh(inside + torch.sigmoid(a_r) * torch.tensor(q))
    new = zz * torch.tensor(h) + (1 - zz) * nn
    (new * torch.tensor(dh)).sum().backward()
    return a_r.grad, a_z.grad

# wrong: sign of dz
def gate_gradients(dh, h, r, z, n, q):
    da_n = dh * (1 - z) * (1 - n**2)
    da_r = da_n * q * r * (1 - r)
    da_z = dh * (n - h) * z * (1 - z)
    return da_r, da_z

# wrong: n forgotten
def gate_gradients(dh, h, r, z, n, q):
    da_n = dh * (1 - z) * (1 - n**2)
    return da_n * q * r * (1 - r), dh * h * z * (1 - z)

# wrong: no slope of the gates
def gate_gradients(dh, h, r, z, n, q):
    da_n = dh * (1 - z) * (1 - n**2)
    return da_n * q, dh * (h - n)

# wrong: h for q
def gate_gradients(dh, h, r, z, n, q):
    da_n = dh * (1 - z) * (1 - n**2)
    return da_n * h * r * (1 - r), dh * (h - n) * z * (1 - z)

# wrong: z and 1 - z
def gate_gradients(dh, h, r, z, n, q):
    da_n = dh * z * (1 - n**2)
    return da_n * q * r * (1 - r), dh * (h - n) * z * (1 - z)

# wrong: no slope of tanh
def gate_gradients(dh, h, r, z, n, q):
    dn = dh * (1 - z)
    return dn * q * r * (1 - r), dh * (h - n) * z * (1 - z)

# wrong: order
def gate_gradients(dh, h, r, z, n, q):
    da_z = dh * (h - n) * z * (1 - z)
    da_r = dh * (1 - z) * (1 - n**2) * q * r * (1 - r)
    return da_z, da_r

# right
def bias_gradients(da, r):
    H = r.shape[1]
    db_xh = da.sum(0)
    db_hh = da.sum(0)
    db_hh[2 * H :] = (da[:, 2 * H :] * r).sum(0)
    return db_xh, db_hh

# right
def bias_gradients(da, r):
    factors = np.hstack([np.ones_like(r), np.ones_like(r), r])
    return np.sum(da, axis=0), np.einsum("ti,ti->i", da, factors)

# wrong: merged
def bias_gradients(da, r):
    db = da.sum(axis=0)
    return db, db

# wrong: r everywhere
def bias_gradients(da, r):
    return da.sum(0), (da * np.tile(r, 3)).sum(0)

# wrong: r outside the sum
def bias_gradients(da, r):
    H = r.shape[1]
    db_hh = da.sum(0)
    db_hh[2 * H :] = db_hh[2 * H :] * r.sum(0)
    return da.sum(0), db_hh

# wrong: swapped
def bias_gradients(da, r):
    H = r.shape[1]
    da_r, da_z, da_n = da[:, :H], da[:, H:2*H], da[:, 2*H:]
    return np.hstack([da_r, da_z, da_n * r]).sum(0), np.hstack([da_r, da_z, da_n]).sum(0)

# wrong: mean
def bias_gradients(da, r):
    H = r.shape[1]
    dq = da[:, 2 * H :] * r
    return da.mean(0), np.hstack([da[:, : 2 * H], dq]).mean(0)

# wrong: changes-input
def bias_gradients(da, r):
    H = r.shape[1]
    db_xh = da.sum(0)
    da[:, 2 * H :] *= r
    return db_xh, da.sum(0)

# right
def keras_to_torch(kernel):
    H = kernel.shape[1] // 3
    return np.vstack([kernel[:, H:2*H].T, kernel[:, :H].T, kernel[:, 2*H:].T])

# right
def keras_to_torch(kernel):
    z, r, n = torch.tensor(kernel).chunk(3, dim=1)
    return torch.cat([r, z, n], dim=1).T

# wrong: not swapped
def keras_to_torch(kernel):
    return np.transpose(kernel)

# wrong: not transposed
def keras_to_torch(kernel):
    z, r, n = np.split(kernel, 3, axis=1)
    return np.hstack([r, z, n])

# wrong: rotated
def keras_to_torch(kernel):
    z, r, h = np.split(kernel.T, 3)
    return np.vstack([r, h, z])

# wrong: reversed
def keras_to_torch(kernel):
    z, r, h = np.split(kernel.T, 3)
    return np.vstack([h, r, z])

# wrong: last two
def keras_to_torch(kernel):
    r, z, n = np.split(kernel.T, 3)
    return np.concatenate([r, n, z])

# wrong: reshaped
def keras_to_torch(kernel):
    return kernel.reshape(kernel.shape[1], kernel.shape[0])
