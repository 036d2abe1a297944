"""A cluster of ipyparallel: started here, or reached through a client or a profile."""

from __future__ import annotations

from typing import Any, Self

from hsjupyter.core.errors import FitError, LibraryMissing

PATIENCE = 60.0
"""Seconds for engines to say what they are; the first import there takes some."""


class Cluster:
    """Engines that were started here; ``client=`` takes it, and it ends as a context.

    Parameters
    ----------
    n : int
        How many engines.
    **options
        Of ``ipyparallel.Cluster``: ``engines="slurm"``, ``profile=``, ...
    """

    def __init__(self, n: int | None = None, **options: Any) -> None:
        import ipyparallel

        self.launcher = ipyparallel.Cluster(n=n, **{"log_level": 40, **options})
        try:
            self.client: Any = self.launcher.start_and_connect_sync(activate=False)
        except BaseException:  # an interrupt, too: what was begun does not stay behind
            self.launcher.stop_cluster_sync()
            raise

    @property
    def ids(self) -> list[int]:
        """The engines that are there."""
        return list(self.client.ids)

    def refill(self, n: int, timeout: float = PATIENCE) -> None:
        """Start as many engines as are missing to a number, and wait for them."""
        missing = n - len(self.ids)
        if missing > 0:
            self.launcher.start_engines_sync(n=missing)
            self.client.wait_for_engines(n, timeout=timeout)

    def close(self) -> None:
        """End the engines."""
        try:
            self.client.close()
        finally:
            self.launcher.stop_cluster_sync()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<cluster of {len(self.ids)} engines>"


def cluster(n: int | None = None, **options: Any) -> Cluster:
    """Start engines on this machine, or where a launcher of ipyparallel puts them.

    Parameters
    ----------
    n : int, optional
        How many engines; one for every processor where not given.
    **options
        Of ``ipyparallel.Cluster``: ``engines="slurm"``, ``"pbs"``, ``"ssh"``, ``"mpi"``, ...

    Returns
    -------
    Cluster
        For ``m.multifit(client=...)``; ``close()`` ends it, as does ``with``.

    Raises
    ------
    LibraryMissing
        ipyparallel is not installed.
    """
    _need()
    return Cluster(n, **options)


def client_of(client: Any) -> Any:
    """The ipyparallel client that is meant.

    Parameters
    ----------
    client : ipyparallel.Client, Cluster or str
        A text is the name of a profile whose cluster runs.
    """
    _need()
    import ipyparallel

    if isinstance(client, str):
        return ipyparallel.Client(profile=client)
    found = getattr(client, "client", client)
    if not isinstance(found, ipyparallel.Client):
        raise FitError(
            f"multifit: client={client!r} came; an ipyparallel client, what hs.cluster() gives, or "
            "the name of a profile is wanted"
        )
    return found


def _need() -> None:
    try:
        import ipyparallel  # noqa: F401 - whether it is there
    except ModuleNotFoundError as missing:
        raise LibraryMissing(
            "engines need ipyparallel: pip install 'hsjupyter[parallel]'; without it: "
            "m.multifit(workers=2)"
        ) from missing
