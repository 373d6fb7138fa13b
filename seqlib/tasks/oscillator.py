"""A noisy oscillator: predict the next value of a second-order autoregression."""

from __future__ import annotations

import numpy as np

from seqlib.arguments import check_integer, check_number
from seqlib.batching import Batch
from seqlib.tasks.task import Task

__all__ = ["Oscillator"]


class Oscillator(Task):
    """One-step prediction of a stationary second-order autoregression.

        x_t = a₁ x_{t-1} + a₂ x_{t-2} + σ ε_t,   ε_t ~ N(0, 1)

        floor       = σ²                                                nobody foresees the noise
        memoryless  = γ₀ - γ₁² / γ₀                                     the best function of the present value alone
        persistence = 2 (γ₀ - γ₁)                                       tomorrow will be as today
        chance      = γ₀ = σ² (1 - a₂) / ((1 + a₂) ((1 - a₂)² - a₁²))   the variance: what predicting 0 costs

    A process that swings slowly has a large variance and small steps, so chance alone flatters a model: with the
    default coefficients it is 51.4 times the floor, persistence 5.41 and memoryless 5.26 times.

    Shapes:  sample -> Batch of inputs (x,), x (B, T, 1); y (B, T, 1) the next value; mask (B, T), True from the second
             position on, where the two values that matter have been seen
    Raises:  TypeError or ValueError naming the argument; ValueError if the process is not stationary
    Source:  Yule 1927; Box & Jenkins 1970, section 3.2.4 (variance)
    Book:    chapters/02_rnn
    """

    name = "oscillator"
    loss = "squared_error"
    unit = "squared units"
    n_in = n_out = 1

    def __init__(self, a1: float = 1.8, a2: float = -0.9, sigma: float = 0.2, *, T: int = 40) -> None:
        self.a1, self.a2 = check_number("a1", a1), check_number("a2", a2)
        self.sigma = check_number("sigma", sigma, above=0)
        self.T = check_integer("T", T, low=2)
        if not (abs(self.a2) < 1 and abs(self.a1) < 1 - self.a2):
            raise ValueError(f"a1 and a2 must give a stationary process, |a2| < 1 and |a1| < 1 - a2, got {a1}, {a2}")

    @property
    def floor(self) -> float:
        """The least possible expected squared error: the variance of the noise."""
        return self.sigma**2

    @property
    def chance(self) -> float:
        """The squared error of predicting the mean: the variance of the process."""
        return float(self.autocovariance(0)[0])

    @property
    def persistence(self) -> float:
        """The squared error of forecasting the present value again: E (x_{t+1} - x_t)² = 2 (γ₀ - γ₁)."""
        gamma0, gamma1 = self.autocovariance(1)
        return float(2 * (gamma0 - gamma1))

    @property
    def memoryless(self) -> float:
        """The least expected squared error of a forecast from the present value alone, γ₀ - γ₁² / γ₀.

        It is that of the linear forecast γ₁/γ₀ x_t; the process is Gaussian, so no other function of x_t does better.
        """
        gamma0, gamma1 = self.autocovariance(1)
        return float(gamma0 - gamma1**2 / gamma0)

    @property
    def period(self) -> float:
        """Steps in one swing, 2π / arccos(a₁ / 2√(-a₂)); infinite if the roots are real."""
        if self.a1**2 + 4 * self.a2 >= 0:
            return float("inf")
        return float(2 * np.pi / np.arccos(self.a1 / (2 * np.sqrt(-self.a2))))

    def autocovariance(self, lag: int) -> np.ndarray:
        """Covariances of x_t and x_{t-k} for k = 0 … lag, by the Yule-Walker equations.

            γ_k = a₁ γ_{k-1} + a₂ γ_{k-2},   γ₁ = γ₀ a₁ / (1 - a₂)

        Shapes:  lag, a number -> (lag + 1,)
        """
        lag = check_integer("lag", lag, low=0)
        a1, a2 = self.a1, self.a2
        variance = self.sigma**2 * (1 - a2) / ((1 + a2) * ((1 - a2) ** 2 - a1**2))
        gamma = [variance, variance * a1 / (1 - a2)]
        while len(gamma) <= lag:
            gamma.append(a1 * gamma[-1] + a2 * gamma[-2])
        return np.array(gamma[: lag + 1])

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw stationary series: the first two values come from their joint distribution, so nothing has to settle."""
        noise = rng.standard_normal((B, self.T + 1))
        gamma0, gamma1 = self.autocovariance(1)
        x = np.empty((B, self.T + 1))
        x[:, 0] = np.sqrt(gamma0) * noise[:, 0]
        x[:, 1] = gamma1 / gamma0 * x[:, 0] + np.sqrt(gamma0 - gamma1**2 / gamma0) * noise[:, 1]
        for t in range(2, self.T + 1):
            x[:, t] = self.a1 * x[:, t - 1] + self.a2 * x[:, t - 2] + self.sigma * noise[:, t]
        mask = np.ones((B, self.T), dtype=bool)
        mask[:, 0] = False
        return Batch((x[:, :-1, None],), x[:, 1:, None], mask)
