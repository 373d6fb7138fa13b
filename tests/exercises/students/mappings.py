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

# wrong: one token too many
def token_mean(losses, lengths):
    total, count = 0.0, 0
    for b, n in enumerate(lengths):
        for t in range(n + 1):
            total, count = total + losses[b, t], count + 1
    return total / count
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
