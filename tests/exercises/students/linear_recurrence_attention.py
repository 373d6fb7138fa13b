# Answers to the practice of chapter 16, a step of linear attention, as students write them. See gradients.py for the
# form.

# right
def linear_attention_step(q, k, v, S, z):
    def phi(u):
        return np.where(u > 0, u + 1, np.exp(u))

    S = S + phi(k)[:, :, None] * v[:, None, :]
    z = z + phi(k)
    y = np.einsum("bkv,bk->bv", S, phi(q)) / np.einsum("bk,bk->b", z, phi(q))[:, None]
    return y, S, z

# right
def linear_attention_step(q, k, v, S, z):
    def phi(u):
        return u + 1 if u > 0 else math.exp(u)

    S, z = S.copy(), z.copy()
    y = np.zeros(v.shape)
    for b in range(len(q)):
        for i in range(q.shape[1]):
            z[b, i] += phi(k[b, i])
            for j in range(v.shape[1]):
                S[b, i, j] += phi(k[b, i]) * v[b, j]
        total = sum(z[b, i] * phi(q[b, i]) for i in range(q.shape[1]))
        for j in range(v.shape[1]):
            y[b, j] = sum(S[b, i, j] * phi(q[b, i]) for i in range(q.shape[1])) / total
    return y, S, z

# right
def linear_attention_step(q, k, v, S, z):
    q, k = np.maximum(q, 0) + np.exp(np.minimum(q, 0)), np.maximum(k, 0) + np.exp(np.minimum(k, 0))
    # z as one more column of S
    both = np.concatenate([S, z[:, :, None]], axis=2)
    both = both + k[:, :, None] @ np.concatenate([v, np.ones((len(v), 1))], axis=1)[:, None]
    read = (q[:, None] @ both)[:, 0]
    return read[:, :-1] / read[:, -1:], both[..., :-1], both[..., -1]

# right
def linear_attention_step(q, k, v, S, z):
    q, k, v, S, z = (torch.tensor(a) for a in (q, k, v, S, z))
    q, k = torch.nn.functional.elu(q) + 1, torch.nn.functional.elu(k) + 1
    S = S + torch.einsum("bk,bv->bkv", k, v)
    z = z + k
    return torch.einsum("bkv,bk->bv", S, q) / (z * q).sum(1, keepdim=True), S, z

# right
def linear_attention_step(q, k, v, S, z):
    def phi(u):
        u = u.astype(np.float32)
        out = np.exp(u)
        out[u > 0] = u[u > 0] + 1
        return out

    S = S.astype(np.float32)
    S += np.stack([np.outer(a, b) for a, b in zip(phi(k), v)]).astype(np.float32)
    z = z.astype(np.float32) + phi(k)
    y = [S_b.T @ q_b / (z_b @ q_b) for S_b, q_b, z_b in zip(S, phi(q), z)]
    return np.stack(y), S, z

# right
def linear_attention_step(q, k, v, S, z):
    # the weights that the sums of before have, and that of the new token
    phi = [np.where(u > 0, u + 1, np.exp(u)) for u in (q, k)]
    old, new = (phi[0] * z).sum(1), (phi[0] * phi[1]).sum(1)
    before = np.einsum("bk,bkv->bv", phi[0], S)
    y = (before + new[:, None] * v) / (old + new)[:, None]
    return [y, S + np.einsum("bk,bv->bkv", phi[1], v), z + phi[1]]

# wrong: own left out
def linear_attention_step(q, k, v, S, z):
    q, k = np.where(q > 0, q + 1, np.exp(q)), np.where(k > 0, k + 1, np.exp(k))
    with np.errstate(all="ignore"):
        y = np.einsum("bkv,bk->bv", S, q) / (z * q).sum(1, keepdims=True)
    return y, S + k[:, :, None] * v[:, None], z + k

# wrong: no feature of the query
def linear_attention_step(q, k, v, S, z):
    k = np.where(k > 0, k + 1, np.exp(k))
    S, z = S + k[:, :, None] * v[:, None], z + k
    return np.einsum("bkv,bk->bv", S, q) / (z * q).sum(1, keepdims=True), S, z

# wrong: no feature of the key
def linear_attention_step(q, k, v, S, z):
    q = np.where(q > 0, q + 1, np.exp(q))
    S, z = S + k[:, :, None] * v[:, None], z + k
    return np.einsum("bkv,bk->bv", S, q) / (z * q).sum(1, keepdims=True), S, z

# wrong: no feature
def linear_attention_step(q, k, v, S, z):
    S, z = S + k[:, :, None] * v[:, None], z + k
    return np.einsum("bkv,bk->bv", S, q) / (z * q).sum(1, keepdims=True), S, z

# wrong: another feature
def linear_attention_step(q, k, v, S, z):
    q, k = np.exp(q), np.exp(k)
    S, z = S + k[:, :, None] * v[:, None], z + k
    return np.einsum("bkv,bk->bv", S, q) / (z * q).sum(1, keepdims=True), S, z

# wrong: another feature
def linear_attention_step(q, k, v, S, z):
    q, k = np.maximum(0, q) + 1, np.maximum(0, k) + 1
    S, z = S + k[:, :, None] * v[:, None], z + k
    return np.einsum("bkv,bk->bv", S, q) / (z * q).sum(1, keepdims=True), S, z

# wrong: elu without 1
def linear_attention_step(q, k, v, S, z):
    q, k = np.where(q > 0, q, np.expm1(q)), np.where(k > 0, k, np.expm1(k))
    S, z = S + k[:, :, None] * v[:, None], z + k
    return np.einsum("bkv,bk->bv", S, q) / (z * q).sum(1, keepdims=True), S, z

# wrong: not divided
def linear_attention_step(q, k, v, S, z):
    q, k = np.where(q > 0, q + 1, np.exp(q)), np.where(k > 0, k + 1, np.exp(k))
    S, z = S + k[:, :, None] * v[:, None], z + k
    return np.einsum("bkv,bk->bv", S, q), S, z

# wrong: divided by the keys
def linear_attention_step(q, k, v, S, z):
    q, k = np.where(q > 0, q + 1, np.exp(q)), np.where(k > 0, k + 1, np.exp(k))
    S, z = S + k[:, :, None] * v[:, None], z + k
    return np.einsum("bkv,bk->bv", S, q) / z.sum(1)[:, None], S, z

# wrong: queries counted
def linear_attention_step(q, k, v, S, z):
    q, k = np.where(q > 0, q + 1, np.exp(q)), np.where(k > 0, k + 1, np.exp(k))
    S, z = S + k[:, :, None] * v[:, None], z + q
    return np.einsum("bkv,bk->bv", S, q) / (z * q).sum(1, keepdims=True), S, z

# wrong: steps counted
def linear_attention_step(q, k, v, S, z):
    q, k = np.where(q > 0, q + 1, np.exp(q)), np.where(k > 0, k + 1, np.exp(k))
    S, z = S + k[:, :, None] * v[:, None], z + 1
    return np.einsum("bkv,bk->bv", S, q) / (z * q).sum(1, keepdims=True), S, z

# wrong: written over
def linear_attention_step(q, k, v, S, z):
    q, k = np.where(q > 0, q + 1, np.exp(q)), np.where(k > 0, k + 1, np.exp(k))
    S, z = k[:, :, None] * v[:, None], z + k
    return np.einsum("bkv,bk->bv", S, q) / (z * q).sum(1, keepdims=True), S, z

# wrong: query and key
def linear_attention_step(k, q, v, S, z):
    q, k = np.where(q > 0, q + 1, np.exp(q)), np.where(k > 0, k + 1, np.exp(k))
    S, z = S + k[:, :, None] * v[:, None], z + k
    return np.einsum("bkv,bk->bv", S, q) / (z * q).sum(1, keepdims=True), S, z

# wrong: turned
def linear_attention_step(q, k, v, S, z):
    q, k = np.where(q > 0, q + 1, np.exp(q)), np.where(k > 0, k + 1, np.exp(k))
    S, z = S + v[:, :, None] @ k[:, None], z + k
    return (S @ q[:, :, None])[..., 0] / (z * q).sum(1, keepdims=True), S, z

# wrong: old state returned
def linear_attention_step(q, k, v, S, z):
    q, k = np.where(q > 0, q + 1, np.exp(q)), np.where(k > 0, k + 1, np.exp(k))
    S_new, z_new = S + k[:, :, None] * v[:, None], z + k
    return np.einsum("bkv,bk->bv", S_new, q) / (z_new * q).sum(1, keepdims=True), S, z

# wrong: output alone
def linear_attention_step(q, k, v, S, z):
    q, k = np.where(q > 0, q + 1, np.exp(q)), np.where(k > 0, k + 1, np.exp(k))
    S, z = S + k[:, :, None] * v[:, None], z + k
    return np.einsum("bkv,bk->bv", S, q) / (z * q).sum(1, keepdims=True)

# wrong: without z
def linear_attention_step(q, k, v, S, z):
    q, k = np.where(q > 0, q + 1, np.exp(q)), np.where(k > 0, k + 1, np.exp(k))
    S, z = S + k[:, :, None] * v[:, None], z + k
    return np.einsum("bkv,bk->bv", S, q) / (z * q).sum(1, keepdims=True), S

# wrong: changes-input
def linear_attention_step(q, k, v, S, z):
    q, k = np.where(q > 0, q + 1, np.exp(q)), np.where(k > 0, k + 1, np.exp(k))
    S += k[:, :, None] * v[:, None]
    z += k
    return np.einsum("bkv,bk->bv", S, q) / (z * q).sum(1, keepdims=True), S, z

# wrong: ?
def linear_attention_step(q, k, v, S, z):
    q, k = np.where(q > 0, q + 1, np.exp(q)), np.where(k > 0, k + 1, np.exp(k))
    S, z = 0.9 * S + k[:, :, None] * v[:, None], 0.9 * z + k
    return np.einsum("bkv,bk->bv", S, q) / (z * q).sum(1, keepdims=True), S, z

# wrong: exception
def linear_attention_step(q, k, v, S, z):
    q, k = [u + 1 if u > 0 else np.exp(u) for u in q], [u + 1 if u > 0 else np.exp(u) for u in k]
    return S.T @ q / (z @ q), S + np.outer(k, v), z + k
