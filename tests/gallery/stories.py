"""What each notebook of the gallery must have come to: cells that are run after its own.

They run in the notebook's kernel and see its names; the notebooks themselves hold no checks.
"""

OUTCOMES = {
    "first_fit": """
        assert 0.9 < np.nanmedian(m.red_chisq.data) < 1.4
        # The cluster's redshift is 0.088 (Struble & Rood 1999); the gas moves within it.
        redshift = alpha.centre.map["values"] / 6562.8 - 1
        assert ((redshift > 0.084) & (redshift < 0.089)).all()
        assert list(hs.load("abell478_fitted.hspy").models) == ["three_lines"]
    """,
    "tying_and_bounds": """
        place = tied["N II 6583"].centre.map["values"]
        weak_one = tied["N II 6548"].centre.map["values"]
        np.testing.assert_allclose(weak_one, place * 6548.05 / 6583.45)
        assert ((place >= 7138) & (place <= 7158)).all()
        assert 0.9 < np.nanmedian(tied.red_chisq.data) < 1.4  # so the ties are true
        gain = [np.nanmedian(m["N II 6548"].A.map["std"]) for m in (free, tied)]
        assert gain[1] < gain[0] / 2
    """,
    "raman_map_live": """
        assert run.state == "done" and run.done == size**2
        pull = (silicon.centre.map["values"] - centre) / silicon.centre.map["std"]
        assert (abs(pull) < 3).mean() > 0.98 and 0.9 < pull.std() < 1.1
        np.testing.assert_allclose(found, stress, atol=0.1)
    """,
    "eels_edge": """
        maps = {n: m[n].intensity.map for n in atoms}
        pulls = np.array([(maps[n]["values"] - atoms[n]) / maps[n]["std"] for n in atoms])
        assert (abs(pulls) < 3).mean() > 0.95 and abs(pulls).max() < 5
        assert 0.9 < np.median(m.red_chisq.data) < 1.1
    """,
    "eds_many_lines": """
        assert after < before / 5
        # Stainless steel: iron, then chromium, then nickel, and little manganese.
        order = sorted(lines, key=lines.get, reverse=True)
        assert [n[:2] for n in order] == ["Fe", "Cr", "Ni", "Mn"]
        assert abs(m["Fe_Ka"].centre.value - 6.40) < 0.01
    """,
    "decay_map_poisson": """
        assert abs(pull.mean()) < 0.1 and 0.9 < pull.std() < 1.1
        assert abs((found["likelihood of counts"] / lifetime).mean() - 1) < 0.02
        assert (found["count = variance"] / lifetime).mean() < 0.8  # what the story warns of
    """,
    "atoms_in_an_image": """
        apart = place[:, None] - np.array(lattice)[None]
        nearest = np.hypot(*np.moveaxis(apart, -1, 0)).argmin(1)
        assert sorted(nearest) == list(range(len(lattice)))
        pull = (place - np.array(lattice)[nearest]) / error
        assert abs(pull).max() < 4 and (abs(pull) < 3).mean() > 0.95
        assert abs(shift[third, 0].mean() - 0.015) < 0.001 and error.max() < scale / 20
    """,
    "samfire_domains": """
        assert (abs(plain["sharp"].centre.map["values"] - centre) > 3).mean() > 0.2
        assert wrong.mean() < 0.005 and samf.pixels_left == 0
        pull = (m["sharp"].centre.map["values"] - centre) / m["sharp"].centre.map["std"]
        assert (abs(pull[~wrong]) < 3).mean() > 0.98
    """,
    "map_on_a_cluster": """
        assert run.state == "done" and run.done == 64 * 64 and not run.failures
        truth = s.metadata.Truth.as_dictionary()
        for line, name in ((broad, "Gaussian_0"), (narrow, "Gaussian_1")):
            for p in line.parameters:
                pull = (p.map["values"] - truth[name][p.name]) / p.map["std"]
                assert (abs(pull) < 3).mean() > 0.98
        from pathlib import Path
        assert not list(Path().glob("*journal*"))
        again = hs.load("fitted_map.hspy").models.restore("two_lines")
        np.testing.assert_array_equal(again["narrow"].A.map["values"], narrow.A.map["values"])
    """,
    "dashboard": """
        again = hs.load("polystyrene.hspy").models
        assert again
        # ASTM E1840: 1001.4 and 1031.8; their distance needs no calibrated instrument.
        assert abs(m["neighbour"].centre.value - m["ring"].centre.value - 30.4) < 0.5
    """,
}
