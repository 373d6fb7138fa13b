// The networks of the book in plain JavaScript, in float64: a line of code for a line of a formula.
// A vector is an array of numbers, a matrix an array of rows. Weights have torch's names, and gates stand in torch's
// order, as in seqlib.nn: tests/tools/test_nets.py holds the two together.
globalThis.nets = (() => {
  const sum = numbers => numbers.reduce((a, b) => a + b, 0);
  const dot = (a, b) => sum(a.map((v, k) => v * b[k]));
  const zeros = n => Array(n).fill(0);
  const linear = (W, b, x) => W.map((row, k) => dot(row, x) + b[k]);
  const sigmoid = a => 1 / (1 + Math.exp(-a));
  // a vector of n gates, one above the other -> n vectors
  const gates = (a, n) => [...Array(n).keys()].map(k => a.slice((k * a.length) / n, ((k + 1) * a.length) / n));
  // the softmax over what the mask leaves (true = may be attended to); 0 everywhere where it leaves nothing
  const softmax = (z, mask = z.map(() => true)) => {
    const highest = Math.max(...z.filter((_, k) => mask[k]));
    const e = z.map((v, k) => (mask[k] ? Math.exp(v - highest) : 0));
    const total = sum(e);
    return e.map(v => (total > 0 ? v / total : 0));
  };

  // Cells: the weights of a layer, an input and the state before -> the state after, with all that was computed for it.

  // h' = tanh(W_ih x + b_ih + W_hh h + b_hh)
  const rnn = (w, x, { h }) => {
    const [a, b] = [linear(w.W_ih, w.b_ih, x), linear(w.W_hh, w.b_hh, h)];
    return { h: a.map((v, k) => Math.tanh(v + b[k])) };
  };

  // i, f, o = σ(…), g = tanh(…);  c' = f·c + i·g;  h' = o·tanh(c')
  const lstm = (w, x, { h, c }) => {
    const [a, b] = [linear(w.W_ih, w.b_ih, x), linear(w.W_hh, w.b_hh, h)];
    const [a_i, a_f, a_g, a_o] = gates(a.map((v, k) => v + b[k]), 4);
    const [i, f, g, o] = [a_i.map(sigmoid), a_f.map(sigmoid), a_g.map(Math.tanh), a_o.map(sigmoid)];
    const after = c.map((v, k) => f[k] * v + i[k] * g[k]);
    return { h: after.map((v, k) => o[k] * Math.tanh(v)), c: after, i, f, g, o };
  };

  // r, z = σ(…);  n = tanh(W_in x + b_in + r·(W_hn h + b_hn));  h' = (1 - z)·n + z·h
  const gru = (w, x, { h }) => {
    const [[a_r, a_z, a_n], [b_r, b_z, b_n]] = [gates(linear(w.W_ih, w.b_ih, x), 3), gates(linear(w.W_hh, w.b_hh, h), 3)];
    const r = a_r.map((v, k) => sigmoid(v + b_r[k]));
    const z = a_z.map((v, k) => sigmoid(v + b_z[k]));
    const n = a_n.map((v, k) => Math.tanh(v + r[k] * b_n[k]));
    return { h: h.map((v, k) => (1 - z[k]) * n[k] + z[k] * v), r, z, n };
  };

  // Layers: what a state_dict of torch holds of one, and its walk over a sequence.

  const layer = (state, part, end = "_l0") => ({
    W_ih: state[`${part}.weight_ih${end}`],
    b_ih: state[`${part}.bias_ih${end}`],
    W_hh: state[`${part}.weight_hh${end}`],
    b_hh: state[`${part}.bias_hh${end}`],
  });
  // the book's own names, of an LSTM with one bias, which chapter 5 uses
  const fromBook = w => ({
    "embedding.weight": w.embedding,
    "core.weight_ih_l0": w.W_xh,
    "core.bias_ih_l0": w.b_h,
    "core.weight_hh_l0": w.W_hh,
    "core.bias_hh_l0": zeros(w.b_h.length),
    "readout.weight": w.W_ho,
    "readout.bias": w.b_o,
  });
  const start = w => ({ h: zeros(w.W_hh[0].length), c: zeros(w.W_hh[0].length) });
  const run = (cell, w, xs, state = start(w)) => xs.map(x => (state = cell(w, x, state)));
  // h_t of the one that reads from the left, above that of the one that reads from the right
  const bothWays = (cell, there, back, xs) => {
    const forward = run(cell, there, xs);
    const backward = run(cell, back, xs.toReversed()).toReversed();
    return { forward, backward, h: xs.map((_, t) => [...forward[t].h, ...backward[t].h]) };
  };

  // Models: ids in, logits out, and the states on the way.

  const looked = (state, inputs, part = "embedding") => inputs.map(id => state[`${part}.weight`]?.[id] ?? id);
  const sequence = (cell, state, inputs, before) => {
    const xs = looked(state, inputs); // ids, or vectors where there is no embedding
    const states = run(cell, layer(state, "core"), xs, before);
    return { states, logits: states.map(({ h }) => linear(state["readout.weight"], state["readout.bias"], h)) };
  };
  const bidirectional = (cell, state, ids) => {
    const xs = looked(state, ids);
    const read = bothWays(cell, layer(state, "core"), layer(state, "core", "_l0_reverse"), xs);
    return { ...read, logits: read.h.map(h => linear(state["readout.weight"], state["readout.bias"], h)) };
  };

  // α = softmax(k·q), m = Σ α_i v_i
  const attention = (query, keys, values, mask) => {
    const weights = softmax(keys.map(key => dot(key, query)), mask);
    return { weights, context: values[0].map((_, k) => sum(values.map((v, i) => weights[i] * v[k]))) };
  };
  // An encoder in both directions, and a decoder that attends by dot products, after its step.
  const encode = (cell, state, source) => {
    const xs = looked(state, source, "source_embedding");
    const { forward, backward, h } = bothWays(cell, layer(state, "encoder"), layer(state, "encoder", "_l0_reverse"), xs);
    return { keys: h, s: { h: [...forward.at(-1).h, ...backward[0].h] } };
  };
  const decode = (cell, state, word, { keys, s, mask }) => {
    const after = cell(layer(state, "decoder"), state["target_embedding.weight"][word], s);
    const { weights, context } = attention(after.h, keys, keys, mask);
    const a = linear(state["combine.weight"], zeros(after.h.length), [...context, ...after.h]).map(Math.tanh);
    return { keys, s: after, mask, weights, logits: linear(state["readout.weight"], state["readout.bias"], a) };
  };

  // Choosing: temperature, then top-p, then a draw, as in seqlib.decoding.

  const REACHED = 1e-12; // a sum of probabilities that is this close to top-p has reached it: sums are rounded
  const argmax = z => z.indexOf(Math.max(...z));
  const distribution = (logits, temperature = 1, topP = 1) => {
    if (temperature === 0) return logits.map((_, k) => Number(k === argmax(logits)));
    const q = softmax(logits.map(v => (v - Math.max(...logits)) / temperature));
    let before = 0;
    const kept = Array(q.length).fill(false);
    for (const k of [...q.keys()].sort((a, b) => q[b] - q[a] || a - b)) {
      kept[k] = before === 0 || topP === 1 || before < topP - REACHED;
      before += q[k];
    }
    const total = sum(q.filter((_, k) => kept[k]));
    return q.map((v, k) => (kept[k] ? v / total : 0));
  };
  // where the sums p_0 + … + p_v pass u, which is uniform in [0, 1)
  const draw = (p, u) => {
    let passed = 0;
    const found = p.findIndex(v => (passed += v) > u);
    return found >= 0 ? found : p.findLastIndex(v => v > 0);
  };
  // Uniform numbers that a seed repeats: a counter, mixed (mulberry32, by Tommy Ettinger, in the public domain).
  const uniform = seed => () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };

  return {
    ...{ linear, softmax, argmax, rnn, lstm, gru, layer, fromBook, start, run, bothWays, sequence, bidirectional },
    ...{ attention, encode, decode, distribution, draw, uniform },
  };
})();
