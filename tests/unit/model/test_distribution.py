"""Goal: a distribution is read as it is written, or refused with the form that it should have.

Method: tables of texts and mappings with the distribution that they mean, or with the error's
parts; every distribution that can be made is written and read back (Hypothesis).
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcsim.model.distribution import (
    DISTRIBUTION_FORMS,
    KINDS,
    distribution_text,
    parse_distribution,
)
from bcsim.streams import Distribution
from bcsim.units import DURATION_FORMS, UnitError

MS = 1_000_000
H = 3_600_000_000_000

READ = [
    ("5 ms", Distribution.constant(5 * MS)),
    ("PT5M", Distribution.constant(300_000 * MS)),
    ("5 นาที", Distribution.constant(300_000 * MS)),
    ("1 h 30 min", Distribution.constant(1.5 * H)),
    ("constant 5 ms", Distribution.constant(5 * MS)),
    ("exponential 20 ms", Distribution.exponential(20 * MS)),
    ("exponential mean 20 ms", Distribution.exponential(20 * MS)),
    ("uniform 1 ms..3 ms", Distribution.uniform(1 * MS, 3 * MS)),
    ("uniform 1 h 30 min .. 2 h", Distribution.uniform(1.5 * H, 2 * H)),
    ("triangular 1 ms, 2 ms, 5 ms", Distribution.triangular(1 * MS, 2 * MS, 5 * MS)),
    ("erlang 3, 20 ms", Distribution.erlang(3, 20 * MS)),
    ("lognormal median 20 ms sigma 0.5", Distribution.lognormal(20 * MS, 0.5)),
    ("weibull scale 10 h shape 1.5", Distribution.weibull(10 * H, 1.5)),
    ({"kind": "constant", "value": "5 ms"}, Distribution.constant(5 * MS)),
    ({"kind": "exponential", "mean": "20 ms"}, Distribution.exponential(20 * MS)),
    ({"kind": "uniform", "high": "3 ms", "low": "1 ms"}, Distribution.uniform(1 * MS, 3 * MS)),
    (
        {"kind": "triangular", "low": "1 ms", "mode": "2 ms", "high": "5 ms"},
        Distribution.triangular(1 * MS, 2 * MS, 5 * MS),
    ),
    ({"kind": "erlang", "stages": 3, "mean": "20 ms"}, Distribution.erlang(3, 20 * MS)),
    (
        {"kind": "lognormal", "median": "20 ms", "sigma": 1},
        Distribution.lognormal(20 * MS, 1.0),
    ),
    ({"kind": "weibull", "scale": "10 h", "shape": 1.5}, Distribution.weibull(10 * H, 1.5)),
    (
        {"kind": "empirical", "quantiles": ["1 ms", "2 ms", "2 ms", "9 ms"]},
        Distribution.empirical((1 * MS, 2 * MS, 2 * MS, 9 * MS)),
    ),
]


@pytest.mark.parametrize(("source", "distribution"), READ)
def test_forms(source, distribution):
    """Goal: every documented form means its distribution. Method: table."""
    assert parse_distribution(source) == distribution


def test_every_kind_is_in_the_table():
    """Goal: no kind is forgotten above. Method: the kinds of the mappings."""
    assert {source["kind"] for source, _ in READ if isinstance(source, dict)} == set(KINDS)


ORDER = "durations that do not go from small to large"

REFUSED = [
    ("", ("empty", "an empty text", "", DURATION_FORMS, "", "value")),
    ("5", ("no_unit", "no unit", "5", DURATION_FORMS, "", "value")),
    (5, ("no_unit", "no unit", "5", DISTRIBUTION_FORMS, "", "")),
    (None, ("no_unit", "no unit", "None", DISTRIBUTION_FORMS, "", "")),
    (
        "exponental 5 ms",
        ("unknown_kind", "unknown distribution", "exponental", DISTRIBUTION_FORMS, "exponential",
         "kind"),
    ),
    (
        "gamma 5 ms",
        ("unknown_kind", "unknown distribution", "gamma", DISTRIBUTION_FORMS, "", "kind"),
    ),
    ("exponential 20", ("no_unit", "no unit", "20", DURATION_FORMS, "", "mean")),
    (
        "uniform 3 ms",
        ("malformed", "not written like a distribution of kind uniform", "uniform 3 ms",
         "uniform 1 ms..3 ms", "", ""),
    ),
    (
        "lognormal 20 ms",
        ("malformed", "not written like a distribution of kind lognormal", "lognormal 20 ms",
         "lognormal median 20 ms sigma 0.5", "", ""),
    ),
    (
        "empirical 1 ms",
        ("malformed", "not written like a distribution of kind empirical", "empirical 1 ms",
         "{kind: empirical, quantiles: [1 ms, 2 ms, 9 ms]}", "", ""),
    ),
    ("uniform 3 ms..1 ms", ("unit_order", ORDER, "", "uniform 1 ms..3 ms", "", "")),
    (
        "triangular 1 ms, 9 ms, 5 ms",
        ("unit_order", ORDER, "", "triangular 1 ms, 2 ms, 5 ms", "", ""),
    ),
    (
        "erlang 0, 3 ms",
        ("out_of_range", "no count of stages", "0", "a whole number from 1 to 1024", "", "stages"),
    ),
    (
        "erlang 2.5, 3 ms",
        ("out_of_range", "no count of stages", "2.5", "a whole number from 1 to 1024", "",
         "stages"),
    ),
    (
        "weibull scale 10 h shape 0",
        ("out_of_range", "unusable shape", "0", "a plain number from 0.05 to 1000", "", "shape"),
    ),
    (
        "lognormal median 1 s sigma nan",
        ("out_of_range", "unusable sigma", "nan", "a plain number from 0 to 10", "", "sigma"),
    ),
    (
        {"kind": "lognormal", "median": "1 s", "sigma": True},
        ("out_of_range", "unusable sigma", "", "a plain number from 0 to 10", "", "sigma"),
    ),
    (
        "weibull scale 0 h shape 1",
        ("out_of_range", "zero scale", "0 h", "more than zero", "", "scale"),
    ),
    (
        {"kind": "weibul"},
        ("unknown_kind", "unknown distribution", "weibul", DISTRIBUTION_FORMS, "weibull", "kind"),
    ),
    (
        {"kind": [1]},
        ("unknown_kind", "unknown distribution", "[1]", DISTRIBUTION_FORMS, "", "kind"),
    ),
    (
        {"mean": "3 ms"},
        ("missing_key", "missing key of a distribution", "kind",
         "one of constant, uniform, triangular, exponential, erlang, lognormal, weibull, empirical",
         "", ""),
    ),
    (
        {"kind": "exponential"},
        ("missing_key", "missing key of a distribution of kind exponential", "mean",
         "{kind: exponential, mean: …}", "", ""),
    ),
    (
        {"kind": "uniform", "low": "1 ms", "hihg": "2 ms"},
        ("unknown_key", "unknown key of a distribution of kind uniform", "hihg",
         "{kind: uniform, low: …, high: …}", "high", "hihg"),
    ),
    (
        {"kind": "exponential", "mean": 3},
        ("no_unit", "no unit", "3", "exponential 20 ms", "", "mean"),
    ),
    (
        {"kind": "empirical", "quantiles": ["2 ms", "1 ms"]},
        ("unit_order", ORDER, "", "{kind: empirical, quantiles: [1 ms, 2 ms, 9 ms]}", "", ""),
    ),
    (
        {"kind": "empirical", "quantiles": "1 ms"},
        ("malformed", "not a list of quantiles", "1 ms",
         "a list of two or more durations, smallest first", "", "quantiles"),
    ),
    (
        {"kind": "empirical", "quantiles": ["1 ms", 2]},
        ("no_unit", "a quantile without a unit", "['1 ms', 2]",
         "a list of two or more durations, smallest first", "", "quantiles"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("source", "told"), REFUSED)
def test_refused(source, told):
    """Goal: each fault is told in full, with the key that it is about. Method: table."""
    with pytest.raises(UnitError) as caught:
        parse_distribution(source)
    error = caught.value
    parts = (error.code, error.reason, error.detail, error.expected, error.suggestion, error.key)
    assert parts == told


TIMES = st.integers(0, 2**52)
SORTED = st.lists(TIMES, min_size=3, max_size=3).map(sorted)
DISTRIBUTIONS = st.one_of(
    st.builds(Distribution.constant, TIMES),
    st.builds(lambda times: Distribution.uniform(times[0], times[2]), SORTED),
    st.builds(lambda times: Distribution.triangular(*times), SORTED),
    st.builds(Distribution.exponential, TIMES),
    st.builds(Distribution.erlang, st.integers(1, 1024), TIMES),
    st.builds(Distribution.lognormal, st.integers(1, 2**52), st.floats(1e-20, 10)),
    st.builds(Distribution.weibull, st.integers(1, 2**52), st.floats(0.05, 1000)),
    st.builds(Distribution.empirical, SORTED),
)


@given(DISTRIBUTIONS)
def test_distributions_read_back(distribution):
    """Goal: writing and reading are inverse. Method: any distribution of whole nanoseconds."""
    assert parse_distribution(distribution_text(distribution)) == distribution


@given(
    st.text(max_size=40)
    | st.builds("{} {}".format, st.sampled_from(KINDS), st.text(max_size=40))
    | st.dictionaries(
        st.sampled_from(["kind", "mean", "low", "high", "stages", "quantiles"]),
        st.sampled_from(KINDS) | st.text(max_size=5) | st.integers() | st.lists(st.none()),
    )
)
def test_anything_is_read_or_refused(source):
    """Goal: no input crashes the reader. Method: texts and mappings; only ``UnitError``."""
    try:
        distribution = parse_distribution(source)
    except UnitError as error:
        assert error.reason  # noqa: PT017 - raising is one of two right outcomes
    else:
        assert parse_distribution(distribution_text(distribution)) == distribution
