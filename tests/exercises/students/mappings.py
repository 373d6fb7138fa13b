# Answers to the practice of chapter 9, as students write them. See gradients.py for the form.

# right
def token_mean(losses, lengths):
    total, count = 0.0, 0
    for row, n in zip(losses, lengths):
        total += sum(row[:n])
        count += n
    return total / count

# right
def token_mean(losses, lengths):
    mask = np.arange(losses.shape[1])[None] < lengths[:, None]
    return (losses * mask).sum() / mask.sum()

# right
def token_mean(losses, lengths):
    mask = torch.arange(losses.shape[1])[None] < torch.tensor(lengths)[:, None]
    return torch.tensor(losses)[mask].mean()

# right
def token_mean(losses, lengths):
    return np.concatenate([row[:n] for row, n in zip(losses, lengths)]).mean().astype(np.float32)

# wrong: padding counted
def token_mean(losses, lengths):
    return np.mean(losses)

# wrong: mean of means
def token_mean(losses, lengths):
    return np.mean([row[:n].mean() for row, n in zip(losses, lengths)])

# wrong: per sequence
def token_mean(losses, lengths):
    return np.mean([row[:n].sum() for row, n in zip(losses, lengths)])

# wrong: divided by all
def token_mean(losses, lengths):
    mask = np.arange(losses.shape[1]) < lengths[:, None]
    return (losses * mask).sum() / losses.size

# wrong: one token too many
def token_mean(losses, lengths):
    mask = np.arange(losses.shape[1]) <= lengths[:, None]
    return losses[mask].mean()

# wrong: sum
def token_mean(losses, lengths):
    return sum(row[:n].sum() for row, n in zip(losses, lengths))

# wrong: no-return
def token_mean(losses, lengths):
    print(losses[np.arange(losses.shape[1]) < lengths[:, None]].mean())

# wrong: exception
def token_mean(losses, lengths):
    return losses[:, :lengths].mean()

# right
def teaching_inputs(targets, bos):
    read = np.empty_like(targets)
    read[:, 0] = bos
    read[:, 1:] = targets[:, :-1]
    return read

# right
def teaching_inputs(targets, bos):
    return [[bos, *row[:-1]] for row in targets.tolist()]

# right
def teaching_inputs(targets, bos):
    read = np.roll(targets, 1, axis=1)
    read[:, 0] = bos
    return read

# right
def teaching_inputs(targets, bos):
    return np.pad(targets, ((0, 0), (1, 0)), constant_values=bos)[:, :-1]

# wrong: the word itself
def teaching_inputs(targets, bos):
    return targets.copy()

# wrong: rolled
def teaching_inputs(targets, bos):
    return np.concatenate([targets[:, -1:], targets[:, :-1]], axis=1)

# wrong: one step more
def teaching_inputs(targets, bos):
    return np.insert(targets, 0, bos, axis=1)

# wrong: the next word
def teaching_inputs(targets, bos):
    out = np.zeros_like(targets)
    out[:, :-1] = targets[:, 1:]
    return out

# wrong: first word lost
def teaching_inputs(targets, bos):
    read = targets.copy()
    read[:, 0] = bos
    return read

# wrong: changes-input
def teaching_inputs(targets, bos):
    targets[:, 1:] = targets[:, :-1].copy()
    targets[:, 0] = bos
    return targets

# right
def learnt(P, n):
    weights = [p / length for p, length in zip(P, n)]
    return [w / sum(weights) for w in weights]

# right
def learnt(P, n):
    return P / n / np.sum(P / n)

# right
def learnt(P, n):
    return P / n * (1 / (P @ (1 / n)))

# right
def learnt(P, n):
    return torch.nn.functional.normalize(torch.tensor(P / n), p=1, dim=0)

# wrong: not divided
def learnt(P, n):
    return P / n

# wrong: the other way
def learnt(P, n):
    return P * n / np.sum(P * n)

# wrong: as it is
def learnt(P, n):
    return P / P.sum()

# wrong: softmax
def learnt(P, n):
    z = P / n
    return np.exp(z - z.max()) / np.exp(z - z.max()).sum()

# wrong: lengths alone
def learnt(P, n):
    return 1 / n / sum(1 / n)

# wrong: number of cases
def learnt(P, n):
    return P / n / len(P)

# wrong: ?
def learnt(P, n):
    return P - 1 / n

# right
def ended_by(stops):
    going, ended = 1.0, []
    for s in stops:
        going *= 1 - s
        ended.append(1 - going)
    return ended

# right
def ended_by(stops):
    here = stops * np.concatenate([[1], np.cumprod(1 - stops)[:-1]])
    return np.cumsum(here)

# right
def ended_by(stops):
    return np.array([1 - np.prod(1 - stops[: t + 1]) for t in range(len(stops))])

# right
def ended_by(stops):
    return -np.expm1(np.cumsum(np.log1p(-stops)))

# wrong: still going
def ended_by(stops):
    return [np.prod(1 - stops[: t + 1]) for t in range(len(stops))]

# wrong: sum
def ended_by(stops):
    return [sum(stops[: t + 1]) for t in range(len(stops))]

# wrong: all stops
def ended_by(stops):
    return np.cumprod(stops)

# wrong: last alone
def ended_by(stops):
    going = 1
    for s in stops:
        going *= 1 - s
    return 1 - going

# wrong: one step early
def ended_by(stops):
    return np.array([1 - np.prod(1 - stops[:t]) for t in range(len(stops))])

# wrong: here alone
def ended_by(stops):
    return [s * np.prod(1 - stops[:t]) for t, s in enumerate(stops)]

# wrong: exception
def ended_by(stops):
    return 1 - np.cumprod(1 - stops[len(stops)])

# right
def late_word(P_k, H, d):
    late = sum(P_k[k] for k in range(d + 1, len(P_k)))
    words = sum((k + 1) * P_k[k] for k in range(len(P_k)))
    return late * H[d + 1] / words

# right
def late_word(P_k, H, d):
    k = np.arange(len(P_k))
    return np.sum(P_k * (k > d)) * H[d + 1] / np.sum(P_k * (k + 1))

# right
def late_word(P_k, H, d):
    return (1 - P_k[: d + 1].sum()) * H[d + 1] / (1 + P_k @ np.arange(len(P_k)))

# wrong: just in time
def late_word(P_k, H, d):
    k = np.arange(len(P_k))
    return P_k[k >= d].sum() * H[d + 1] / (P_k * (k + 1)).sum()

# wrong: one word less
def late_word(P_k, H, d):
    k = np.arange(len(P_k))
    return P_k[k > d].sum() * H[d] / (P_k * (k + 1)).sum()

# wrong: per phrase
def late_word(P_k, H, d):
    return P_k[d + 1 :].sum() * H[d + 1]

# wrong: noun not counted
def late_word(P_k, H, d):
    k = np.arange(len(P_k))
    return P_k[k > d].sum() * H[d + 1] / (P_k * k).sum()

# wrong: all adjectives
def late_word(P_k, H, d):
    k = np.arange(len(P_k))
    return sum(P_k[j] * H[j] for j in k if j > d) / (P_k * (k + 1)).sum()

# wrong: counts alike
def late_word(P_k, H, d):
    k = np.arange(len(P_k))
    return P_k[k > d].sum() * H[d + 1] / (k + 1).mean()

# right
def token_mean(losses, lengths):
    return np.average(losses, weights=np.arange(losses.shape[1]) < lengths[:, None])

# wrong: ?
def token_mean(losses, lengths):
    T = losses.shape[1]
    return np.concatenate([row[: n - T] for row, n in zip(losses, lengths)]).mean()

# wrong: padding in the sum
def token_mean(losses, lengths):
    return losses.sum() / lengths.sum()

# wrong: padding in the sum
def token_mean(losses, lengths):
    return np.mean([row.sum() / n for row, n in zip(losses, lengths)])

# wrong: padding taken
def token_mean(losses, lengths):
    return np.ma.array(losses, mask=np.arange(losses.shape[1]) < lengths[:, None]).mean()

# wrong: columns cut
def token_mean(losses, lengths):
    return losses[:, : max(lengths)].mean()

# wrong: ?
def token_mean(losses, lengths):
    return (losses * (np.arange(losses.shape[1]) < lengths[:, None])).sum(0) / lengths.sum()

# wrong: bos is 1
def teaching_inputs(targets, bos):
    read = np.ones_like(targets)
    read[:, 1:] = targets[:, :-1]
    return read

# wrong: down the rows
def teaching_inputs(targets, bos):
    return np.vstack([np.full(targets.shape[1], bos), targets[:-1]])

# wrong: one long row
def teaching_inputs(targets, bos):
    read = np.roll(targets, 1)
    read[0, 0] = bos
    return read

# wrong: end not read
def teaching_inputs(targets, bos):
    read = np.pad(targets, ((0, 0), (1, 0)), constant_values=bos)[:, :-1]
    return read * (targets > 0)

# wrong: the next word
def teaching_inputs(targets, bos):
    return targets[:, 1:]

# wrong: one step late
def ended_by(stops):
    return np.cumsum(stops * np.cumprod(1 - stops))

# wrong: the same at each step
def ended_by(stops):
    return [1 - (1 - s) ** (t + 1) for t, s in enumerate(stops)]

# wrong: zero by zero
def ended_by(stops):
    going = np.cumprod(1 - stops)
    return np.cumsum(stops * going / (1 - stops))

# right
def learnt(P, n):
    return torch.softmax(torch.log(torch.tensor(P)) - torch.log(torch.tensor(n)), 0)

# wrong: not divided
def learnt(P, n):
    weights = (1 / n) / (1 / n).sum()
    return P * weights

# wrong: the other way
def learnt(P, n):
    return P * n

# right
def late_word(P_k, H, d):
    return torch.tensor(P_k[d + 1 :]).sum() * H[d + 1] / (1 + P_k @ np.arange(len(P_k)))

# wrong: a delay less
def late_word(P_k, H, d):
    return P_k[d:].sum() * H[d] / (P_k @ np.arange(1, len(P_k) + 1))

# wrong: in time
def late_word(P_k, H, d):
    return P_k[: d + 1].sum() * H[d + 1] / (P_k @ np.arange(1, len(P_k) + 1))

# wrong: words of late phrases
def late_word(P_k, H, d):
    words = P_k * (np.arange(len(P_k)) + 1)
    return P_k[d + 1 :].sum() * H[d + 1] / words[d + 1 :].sum()

# wrong: words and delay
def late_word(P_k, H, d):
    return P_k[d + 1 :].sum() * H[d + 1] / (P_k @ (np.arange(len(P_k)) + 1 + d))

# wrong: one token too many
def token_mean(losses, lengths):
    total, count = 0.0, 0
    for b, n in enumerate(lengths):
        for t in range(n + 1):
            total, count = total + losses[b, t], count + 1
    return total / count
