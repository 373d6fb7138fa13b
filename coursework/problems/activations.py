"""Activations φ: in print, as code, with the slope by z and by the value g = φ(z), and as functions for the oracles."""

import numpy as np

from coursework.problem import Form

ACTIVATIONS = {
    "arctan": Form(
        tex=r"\arctan(«z»)",
        hint=", the inverse function of tan",
        code="np.arctan(«z»)",
        slope="1 / (1 + «z» ** 2)",
        slope_of_value="np.cos(«g») ** 2",
        slope_again="1 / (1 + np.tan(«g») ** 2)",
        slip="np.cos(«g»)",
        slip_says="The cosine has to be squared.",
        exact=np.arctan,  # lets complex numbers through, as all of these
        inverse=np.tan,
    ),
    "tanh": Form(
        tex=r"\tanh(«z»)",
        hint="",
        code="np.tanh(«z»)",
        slope="1 - np.tanh(«z») ** 2",
        slope_of_value="1 - «g» ** 2",
        slope_again="(1 - «g») * (1 + «g»)",
        slip="1 - np.abs(«g»)",
        slip_says="The value of the tanh has to be squared.",
        exact=np.tanh,
        inverse=np.arctanh,
    ),
    "softsign": Form(
        tex=r"\frac{«z»}{1 + |«z»|}",
        hint="",
        code="«z» / (1 + np.abs(«z»))",
        slope="1 / (1 + np.abs(«z»)) ** 2",
        slope_of_value="(1 - np.abs(«g»)) ** 2",
        slope_again="1 - 2 * np.abs(«g») + «g» ** 2",
        slip="1 - np.abs(«g»)",
        slip_says="1 - |g| has to be squared.",
        exact=lambda z: z / (1 + np.sign(z.real) * z),
        inverse=lambda g: g / (1 - np.abs(g)),
    ),
    "arsinh": Form(
        tex=r"\operatorname{arsinh}(«z») = \ln\bigl(«z» + \sqrt{1 + «z»^2}\bigr)",
        hint=", the inverse function of sinh",
        code="np.arcsinh(«z»)",
        slope="1 / np.sqrt(1 + «z» ** 2)",
        slope_of_value="1 / np.cosh(«g»)",
        slope_again="(1 + np.sinh(«g») ** 2) ** -0.5",
        slip="np.cosh(«g»)",
        slip_says="The slope is turned: that is the slope of sinh, the inverse function.",
        exact=lambda z: np.log(z + np.sqrt(1 + z * z)),
        inverse=np.sinh,
    ),
    "symlog": Form(
        tex=r"\operatorname{sign}(«z»)\, \ln(1 + |«z»|)",
        hint="",
        code="np.sign(«z») * np.log1p(np.abs(«z»))",
        slope="1 / (1 + np.abs(«z»))",
        slope_of_value="np.exp(-np.abs(«g»))",
        slope_again="1 / np.exp(np.abs(«g»))",
        slip="np.exp(np.abs(«g»))",
        slip_says="The slope is turned: that is the slope of the inverse function.",
        exact=lambda z: np.sign(z.real) * np.log(1 + np.sign(z.real) * z),
        inverse=lambda g: np.sign(g) * np.expm1(np.abs(g)),
    ),
    "logistic": Form(
        tex=r"\frac{1}{1 + e^{-«z»}}",
        hint=", the logistic function",
        code="1 / (1 + np.exp(-«z»))",
        slope="np.exp(-«z») / (1 + np.exp(-«z»)) ** 2",
        slope_of_value="«g» * (1 - «g»)",
        slope_again="«g» - «g» ** 2",
        slip="1 - «g»",
        slip_says="A factor of the slope is missing: it goes to 0 at both ends, where g is 0 and where g is 1.",
        exact=lambda z: 1 / (1 + np.exp(-z)),
        inverse=lambda g: np.log(g / (1 - g)),
    ),
}


def activations(*names: str, z: str = "z", g: str = "g") -> dict[str, Form]:
    """The table of the activations named, its formulas written in the letters z and g."""
    return {
        name: Form(
            **{
                field: value.replace("«z»", z).replace("«g»", g) if isinstance(value, str) else value
                for field, value in vars(ACTIVATIONS[name]).items()
            }
        )
        for name in names
    }
