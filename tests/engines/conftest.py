"""One real cluster of two engines for all tests of this room."""

import os

import ipyparallel as ipp
import pytest


@pytest.fixture(scope="session")
def launched(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ipython")
    os.environ["IPYTHONDIR"] = str(folder)
    made = ipp.Cluster(n=2, profile_dir=str(folder / "profile_tests"), log_level=40)
    client = made.start_and_connect_sync(activate=False)
    client.wait_for_engines(2, timeout=60)
    yield made, client
    client.close()
    made.stop_cluster_sync()


@pytest.fixture
def cluster(launched):
    """A client of the cluster."""
    return launched[1]


@pytest.fixture
def another_client(launched):
    """A client that may be closed."""
    client = launched[0].connect_client_sync()
    client.wait_for_engines(2, timeout=60)
    yield client
    client.close()
