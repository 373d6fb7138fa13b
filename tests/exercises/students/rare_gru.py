# Less usual answers to the practice of chapter 6, written after its mistakes had been chosen. See gradients.py for the form.

# wrong: not weighted
def gru_step(W_xh, W_hh, b_xh, b_hh, x, h):
    a_r, a_z, a_n = np.split(W_xh @ x + b_xh, 3)
    u_r, u_z, u_n = np.split(W_hh @ h + b_hh, 3)
    r, z = 1 / (1 + np.exp(-a_r - u_r)), 1 / (1 + np.exp(-a_z - u_z))
    return z * h + np.tanh(a_n + r * u_n)

# wrong: tanh gates
def gru_step(W_xh, W_hh, b_xh, b_hh, x, h):
    a_r, a_z, a_n = np.split(W_xh @ x + b_xh, 3)
    u_r, u_z, u_n = np.split(W_hh @ h + b_hh, 3)
    r, z = np.tanh(a_r + u_r), np.tanh(a_z + u_z)
    return z * h + (1 - z) * np.tanh(a_n + r * u_n)

# wrong: biases forgotten
def gru_step(W_xh, W_hh, b_xh, b_hh, x, h):
    a_r, a_z, a_n = np.split(W_xh @ x, 3)
    u_r, u_z, u_n = np.split(W_hh @ h, 3)
    r, z = 1 / (1 + np.exp(-a_r - u_r)), 1 / (1 + np.exp(-a_z - u_z))
    return z * h + (1 - z) * np.tanh(a_n + r * u_n)

# wrong: exception
def gru_step(W_xh, W_hh, b_xh, b_hh, x, h):
    a_r, a_z, a_n = np.split(x @ W_xh + b_xh, 3)
    return a_n

# wrong: slope of tanh in the gates
def gate_gradients(dh, h, r, z, n, q):
    da_n = dh * (1 - z) * (1 - n**2)
    return da_n * q * (1 - r**2), dh * (h - n) * (1 - z**2)

# wrong: straight to r
def gate_gradients(dh, h, r, z, n, q):
    return dh * q * r * (1 - r), dh * (h - n) * z * (1 - z)

# wrong: r alone
def gate_gradients(dh, h, r, z, n, q):
    return dh * (1 - z) * (1 - n**2) * q * r * (1 - r)

# wrong: not summed
def bias_gradients(da, r):
    H = r.shape[1]
    return da, np.hstack([da[:, : 2 * H], da[:, 2 * H :] * r])

# wrong: ?
def bias_gradients(da, r):
    return da.sum(), (da[:, -r.shape[1] :] * r).sum()

# wrong: 1 - r
def bias_gradients(da, r):
    H = r.shape[1]
    return da.sum(0), np.hstack([da[:, : 2 * H], da[:, 2 * H :] * (1 - r)]).sum(0)

# wrong: sign of z
def keras_to_torch(kernel):
    z, r, h = np.split(kernel.T, 3)
    return np.concatenate([r, -z, h])

# wrong: 1 - w
def flip_z(W_xh, W_hh, b_xh, b_hh):
    H = W_hh.shape[1]
    new = []
    for w in (W_xh, W_hh, b_xh, b_hh):
        w = w.copy()
        w[H:2*H] = 1 - w[H:2*H]
        new.append(w)
    return new

# wrong: ?
def flip_z(W_xh, W_hh, b_xh, b_hh):
    H = W_hh.shape[1]
    return tuple(np.concatenate([w[:H], w[2*H:], -w[H:2*H]]) for w in (W_xh, W_hh, b_xh, b_hh))

# wrong: bent once more
def gru_step(W_xh, W_hh, b_xh, b_hh, x, h):
    a_r, a_z, a_n = np.split(W_xh @ x + b_xh, 3)
    u_r, u_z, u_n = np.split(W_hh @ h + b_hh, 3)
    r, z = 1 / (1 + np.exp(-a_r - u_r)), 1 / (1 + np.exp(-a_z - u_z))
    return np.tanh(z * h + (1 - z) * np.tanh(a_n + r * u_n))

# wrong: last blocks alone
def bias_gradients(da, r):
    H = r.shape[1]
    da_n = da[:, 2 * H :]
    return da_n.sum(0), (r * da_n).sum(0)

# wrong: of 2014
def gru_step(W_xh, W_hh, b_xh, b_hh, x, h):
    H = len(h)
    b = b_xh + b_hh
    sig = lambda a: 1 / (1 + np.exp(-a))
    r = sig(W_xh[:H] @ x + W_hh[:H] @ h + b[:H])
    z = sig(W_xh[H:2*H] @ x + W_hh[H:2*H] @ h + b[H:2*H])
    n = np.tanh(W_xh[2*H:] @ x + W_hh[2*H:] @ (r * h) + b[2*H:])
    return (1 - z) * h + z * n

# wrong: sign in the gates
def gru_step(W_xh, W_hh, b_xh, b_hh, x, h):
    a_r, a_z, a_n = np.split(W_xh @ x + b_xh, 3)
    u_r, u_z, u_n = np.split(W_hh @ h + b_hh, 3)
    r, z = 1 / (1 + np.exp(a_r + u_r)), 1 / (1 + np.exp(a_z + u_z))
    return z * h + (1 - z) * np.tanh(a_n + r * u_n)

# wrong: slope at the gate
def gate_gradients(dh, h, r, z, n, q):
    def sigmoid(a):
        return 1 / (1 + np.exp(-a))
    da_n = dh * (1 - z) * (1 - n**2)
    return da_n * q * sigmoid(r) * (1 - sigmoid(r)), dh * (h - n) * sigmoid(z) * (1 - sigmoid(z))

# wrong: slope of tanh at n
def gate_gradients(dh, h, r, z, n, q):
    da_n = dh * (1 - z) * (1 - np.tanh(n) ** 2)
    return da_n * q * r * (1 - r), dh * (h - n) * z * (1 - z)

# wrong: other sense of z
def gate_gradients(dh, h, r, z, n, q):
    da_n = dh * z * (1 - n**2)
    return da_n * q * r * (1 - r), dh * (n - h) * z * (1 - z)

# wrong: one slope missing
def gate_gradients(dh, h, r, z, n, q):
    da_n = dh * (1 - z) * (1 - n**2)
    return da_n * q * r * (1 - r), dh * (h - n)

# wrong: last block alone
def bias_gradients(da, r):
    H = r.shape[1]
    return da.sum(0), (r * da[:, 2 * H :]).sum(0)
