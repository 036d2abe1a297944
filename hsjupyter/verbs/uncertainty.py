"""How sure the numbers are: intervals, regions, covariances, bands, draws."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from hsjupyter.core.errors import ModelError, unknown_name
from hsjupyter.core.parameter import Parameter
from hsjupyter.core.signal import BaseSignal
from hsjupyter.fitting import covariances as many
from hsjupyter.fitting.bootstrap import Bootstrap, bootstrap
from hsjupyter.fitting.call import fit_call
from hsjupyter.fitting.covariances import Covariances
from hsjupyter.fitting.intervals import (
    ConfidenceIntervals,
    ConfidenceRegion,
    probability_of,
    sigmas_of,
)
from hsjupyter.fitting.plan import Array
from hsjupyter.fitting.profile import Profile, interval, profile_of, region
from hsjupyter.verbs.fit import FitVerbs, fit_here

Which = Parameter | str


class UncertaintyVerbs(FitVerbs):
    """Errors beyond the standard deviation."""

    def conf_interval(
        self,
        p_names: Iterable[Which] | Which | None = None,
        sigmas: Sequence[float] = (1, 2, 3),
        **words: Any,
    ) -> ConfidenceIntervals:
        """Intervals of the parameters at the current pixel, by profile likelihood.

        One number is held at values around the optimum while all others are fitted; the interval
        ends where the loss has risen as much as the level says. So it need not be symmetric, and
        is right also where the model is bent so much that a standard deviation is not. It is what
        lmfit calls so, and MINOS.

        Parameters
        ----------
        p_names : Parameter, str, or several of them, optional
            Parameters, or names such as ``"Gaussian.A"``; all free ones where not given.
        sigmas : sequence of float
            Levels: standard deviations from 1 on, probabilities below.
        **words
            As of `fit`, which is done before; the model's values do not change.

        Returns
        -------
        ConfidenceIntervals

        Raises
        ------
        FitError
            The fit reaches no optimum, or a deeper one shows up on the way.
        UnknownNameError
            A name of nothing that is free.
        """
        profile, absolute = _profile(self, words)
        names = _names(profile)
        chosen = _places(self, names, p_names)
        levels = sigmas_of(sigmas)
        rises = [profile.threshold(probability_of(sigma), 1) for sigma in levels]
        ends = np.array([[interval(profile, k, rise) for rise in rises] for k in chosen])
        return ConfidenceIntervals(
            tuple(names[k] for k in chosen),
            profile.x[chosen],
            levels,
            ends[..., 0],
            ends[..., 1],
            absolute,
        )

    def conf_interval2d(
        self,
        x_name: Which,
        y_name: Which,
        nx: int = 15,
        ny: int = 15,
        limits: float | Sequence[Sequence[float]] = 3.0,
        **words: Any,
    ) -> ConfidenceRegion:
        """How sure it is that two parameters lie together inside of a line.

        Parameters
        ----------
        x_name, y_name : Parameter or str
        nx, ny : int
            Points of the grid.
        limits : float, or ((float, float), (float, float))
            Its half width in standard deviations; or its ends along x and y.
        **words
            As of `fit`.

        Returns
        -------
        ConfidenceRegion
            ``plt.contour(r.x, r.y, r.sigma, [1, 2, 3])`` draws it.

        Raises
        ------
        FitError, UnknownNameError
            As of `conf_interval`.
        """
        profile, _ = _profile(self, words)
        names = _names(profile)
        (k,), (j,) = _places(self, names, x_name), _places(self, names, y_name)
        if k == j:
            raise ModelError(f"conf_interval2d: {names[k]} came twice; name two parameters")
        ends = (limits, limits) if np.isscalar(limits) else tuple(np.asarray(limits))
        x, y = _grid(profile, k, nx, ends[0]), _grid(profile, j, ny, ends[1])
        sure = profile.probability(region(profile, k, j, x, y), 2)
        return ConfidenceRegion((names[k], names[j]), x, y, sure, profile.x[[k, j]])

    def covariances(self, loss_function: str = "ls") -> Covariances:
        """Covariances and correlations of the stored values at every fitted pixel.

        Parameters
        ----------
        loss_function : {'ls', 'ML-poisson'}
            What the fit made small.

        Returns
        -------
        Covariances
            ``.map("Gaussian.A", "Gaussian.sigma", correlation=True)`` is a signal.

        Raises
        ------
        DataError
            Nothing was fitted yet.
        """
        many.check_fitted(self)
        return many.covariances_of_map(self, loss_function)

    def uncertainty_band(
        self, sigma: float = 1.0, *, kind: str = "confidence", **words: Any
    ) -> BaseSignal:
        """Half the width of the band in which the model's line lies, at the current pixel.

        Parameters
        ----------
        sigma : float
            In standard deviations of a normal distribution; where the noise is not known, of
            Student's.
        kind : {'confidence', 'prediction'}
            Of the line; or of a further measurement, which has noise of its own.
        **words
            As of `fit`, which is done before; the model's values do not change.

        Returns
        -------
        BaseSignal, (sig...)
            NaN outside of the signal range.

        Raises
        ------
        UnknownNameError
            Another kind.
        """
        if kind not in {"confidence", "prediction"}:
            raise unknown_name("uncertainty_band: kind", kind, ["confidence", "prediction"])
        result, objective = fit_here(self, fit_call(words))
        plan = objective.plan
        rows = plan.jacobian(objective.filled(result.x), objective.active, objective.low_loss)
        width = many.band(rows, result.covar)
        if kind == "prediction":
            width = np.hypot(width, _noise(objective, result))
        freedom = None if result.absolute else np.array(len(objective.y) - len(result.x))
        found = np.full(self.channel_switches.shape, np.nan)
        found[self.channel_switches] = width * many.quantile(sigma, freedom)
        axes = [a.as_dictionary() for a in self.axes_manager._axes if not a.navigate]
        made: BaseSignal = type(self.signal)(found, axes)
        return made

    def bootstrap(
        self,
        n: int = 500,
        kind: str | None = None,
        rng: np.random.Generator | int | None = 0,
        **words: Any,
    ) -> Bootstrap:
        """Draw data like those of the current pixel, and fit each of them.

        Parameters
        ----------
        n : int
            How many times.
        kind : {'residuals', 'parametric'}, optional
            Residuals of the fit, drawn again; or noise from its distribution. Where not given,
            the second if the noise is known.
        rng : Generator, int or None
            Where chance comes from; None for another each time.
        **words
            As of `fit`.

        Returns
        -------
        Bootstrap

        Raises
        ------
        FitError
            Most of the fits reach no optimum.
        """
        call = fit_call(words)
        result, objective = fit_here(self, call)
        chosen = kind or ("parametric" if result.absolute else "residuals")
        source = np.random.default_rng(rng)
        return bootstrap(objective, result, call.options, n=n, kind=chosen, rng=source)


def _profile(model: FitVerbs, words: dict[str, Any]) -> tuple[Profile, bool]:
    result, objective = fit_here(model, fit_call(words))
    return profile_of(objective, result), result.absolute


def _names(profile: Profile) -> tuple[str, ...]:
    plan, slots = profile.objective.plan, profile.objective.slots
    return tuple(plan.names[s] for s in slots)


def _places(model: FitVerbs, names: tuple[str, ...], asked: Any) -> list[int]:
    """Places among the free numbers."""
    if asked is None:
        return list(range(len(names)))
    several = [asked] if isinstance(asked, str | Parameter) else list(asked)
    places: list[int] = []
    for each in several:
        mine = [n for n in names if n == each] if isinstance(each, str) else _of(model, each)
        if not mine or not set(mine) <= set(names):
            raise unknown_name(f"{model!r}: free parameter", str(each), names)
        places += [names.index(n) for n in mine]
    return places


def _of(model: FitVerbs, parameter: Parameter) -> list[str]:
    component = model[parameter.component]
    place = component.parameters.index(parameter)
    before = sum(p.size for p in component.parameters[:place])
    chosen = component.slot_names[before : before + parameter.size]
    return [f"{component.name}.{name}" for name in chosen]


def _grid(profile: Profile, k: int, n: int, limits: Any) -> Array:
    plan, slot = profile.objective.plan, profile.objective.slots[k]
    if np.ndim(limits):
        low, high = (float(each) for each in limits)
    else:
        reach = float(limits) * (profile.std[k] if profile.std[k] > 0 else abs(profile.x[k]) / 10)
        low, high = profile.x[k] - reach, profile.x[k] + reach
    return np.linspace(max(low, plan.lower[slot]), min(high, plan.upper[slot]), n)


def _noise(objective: Any, result: Any) -> Array:
    """Standard deviation of the noise, (channel,)."""
    if objective.loss.name == "ML-poisson":
        line = objective.plan.value(
            objective.filled(result.x), objective.active, objective.low_loss
        )
        counted: Array = np.sqrt(np.maximum(line, 0.0))
        return counted
    if objective.root_weights is not None:
        known: Array = 1 / objective.root_weights
        return known
    return np.full(len(objective.y), np.sqrt(result.red_chisq))
