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

# wrong: ?
def gru_step(W_xh, W_hh, b_xh, b_hh, x, h):
    a_r, a_z, a_n = np.split(W_xh @ x, 3)
    u_r, u_z, u_n = np.split(W_hh @ h, 3)
    r, z = 1 / (1 + np.exp(-a_r - u_r)), 1 / (1 + np.exp(-a_z - u_z))
    return z * h + (1 - z) * np.tanh(a_n + r * u_n)

# wrong: exception
def gru_step(W_xh, W_hh, b_xh, b_hh, x, h):
    a_r, a_z, a_n = np.split(x @ W_xh + b_xh, 3)
    return a_n

# wrong: products alone
def shares(z):
    return np.concatenate([[1.0], np.cumprod(z)])

# wrong: z for 1 - z
def shares(z):
    w = [np.prod(z)]
    for t in range(len(z)):
        w.append(z[t] * np.prod(z[t + 1 :]))
    return np.array(w)

# wrong: ?
def shares(z):
    w = np.append(1.0, 1 - z)
    return w / w.sum()

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
