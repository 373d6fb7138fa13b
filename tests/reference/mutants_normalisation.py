"""Planted bugs of seqlib/reference/normalisation.py."""

FILE = "seqlib/reference/normalisation.py"
TESTS = ["tests/reference/test_normalisation.py"]
MUTANTS = {
    "rms-is-centred": ("if isinstance(params, LayerNorm) else x\n", "if True else x\n"),
    "layer-is-not-centred": ("if isinstance(params, LayerNorm) else x\n", "if False else x\n"),
    "deviation-for-a-sample": (
        "(centred**2).mean(-1, keepdims=True) + eps)",
        "(centred**2).sum(-1, keepdims=True) / max(x.shape[-1] - 1, 1) + eps)",
    ),
    "eps-outside-the-root": (
        "np.sqrt((centred**2).mean(-1, keepdims=True) + eps)",
        "np.sqrt((centred**2).mean(-1, keepdims=True)) + eps",
    ),
    "eps-squared": (" + eps)\n", " + eps**2)\n"),
    "no-root": (
        "scale = np.sqrt((centred**2).mean(-1, keepdims=True) + eps)",
        "scale = (centred**2).mean(-1, keepdims=True) + eps",
    ),
    "over-all-positions": ("(centred**2).mean(-1, keepdims=True)", "(centred**2).mean(keepdims=True)"),
    "mean-of-all-positions": ("x - x.mean(-1, keepdims=True)", "x - x.mean(keepdims=True)"),
    "division-by-zero": ("np.where(scale == 0, 1, scale)", "scale"),
    "no-gain": ("return params.gain * normed + bias", "return normed + bias"),
    "no-bias": ("return params.gain * normed + bias", "return params.gain * normed"),
    "gain-of-the-bias-too": ("params.gain * normed + bias", "params.gain * (normed + bias)"),
    "no-feature": ("if not x.ndim or not x.shape[-1]:", "if not x.ndim:"),
    "negative-eps": ('check_number("eps", eps, low=0)', "eps"),
    "gradient-of-what-does-not-vary": ("if np.any(scale == 0):", "if False:"),
    "dgain-of-x": ("dgain = (dy * normed)", "dgain = (dy * normed * scale)"),
    "dgain-is-a-mean": (
        "(dy * normed).reshape(-1, normed.shape[-1]).sum(0)",
        "(dy * normed).reshape(-1, normed.shape[-1]).mean(0)",
    ),
    "dx-without-gain": ("dnormed = params.gain * dy", "dnormed = dy"),
    "scale-held-fixed": ("dnormed - normed * (dnormed * normed).mean(-1, keepdims=True)", "dnormed"),
    "sum-for-mean": ("(dnormed * normed).mean(-1, keepdims=True)", "(dnormed * normed).sum(-1, keepdims=True)"),
    "rms-back-with-the-mean": (
        "if isinstance(params, RMSNorm):\n        return Grads",
        "if False:\n        return Grads",
    ),
    "mean-held-fixed": ("(dcentred - dnormed.mean(-1, keepdims=True)) / scale", "dcentred / scale"),
    "scale-twice": (
        "(dcentred - dnormed.mean(-1, keepdims=True)) / scale",
        "(dcentred - dnormed.mean(-1, keepdims=True)) / scale**2",
    ),
    "rms-without-scale": ("RMSNorm(dgain), dcentred / scale", "RMSNorm(dgain), dcentred"),
    "dbias-of-the-gain": ("else dy.reshape(-1, normed.shape[-1]).sum(0)", "else dgain"),
    "bias-out-of-nothing": ("None if params.bias is None else dy", "dy"),
    "gain-shared": ("gain = np.array(real_array", "gain = (real_array"),
    "gain-of-any-length": ('real_array(f"{name}.gain", params.gain, (D,))', 'real_array(f"{name}.gain", params.gain)'),
    "bias-of-any-length": ('real_array(f"{name}.bias", params.bias, (D,))', 'real_array(f"{name}.bias", params.bias)'),
    "dy-of-any-shape": ('real_array("dy", dy, normed.shape)', 'real_array("dy", dy)'),
}
