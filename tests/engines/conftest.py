"""One real cluster of two engines for all tests of this room."""

import os

import ipyparallel as ipp
import pytest


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ipython")
    os.environ["IPYTHONDIR"] = str(folder)
    made = ipp.Cluster(n=2, profile_dir=str(folder / "profile_tests"), log_level=40)
    client = made.start_and_connect_sync(activate=False)
    client.wait_for_engines(2, timeout=60)
    yield client
    client.close()
    made.stop_cluster_sync()
