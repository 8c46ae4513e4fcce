"""Goal: edges tell who hands over to whom and who needs what.

Method: the test broker; all edges of one journey, all needs of one component.
"""

from __future__ import annotations

from bcsim.model.edge import Edge, flow_edges, need_edges
from tests.brokerage import broker


def test_flow():
    """Goal: the holder of an order hands over. Method: both journeys, each edge once.

    After a call the caller still has the order; so has the holder after the execution.
    """
    assert flow_edges(broker()) == (
        Edge("app", "web", "flow"),
        Edge("web", "oms", "flow"),
        Edge("oms", "risk", "call"),
        Edge("oms", "gateway", "flow"),
        Edge("gateway", "exchange", "flow"),
        Edge("gateway", "ledger", "flow"),
        Edge("phone", "desk", "flow"),
        Edge("desk", "oms", "flow"),
    )


def test_needs():
    """Goal: sites, dependencies, standbys and utilities. Method: those of oms and of one site."""
    edges = need_edges(broker())
    assert [edge for edge in edges if edge.source == "oms"] == [
        Edge("oms", "dc1", "site"),
        Edge("oms", "order-db", "hard"),
        Edge("oms", "dc2", "site", of_standby=True),
        Edge("oms", "order-db", "hard", of_standby=True),
    ]
    assert [edge for edge in edges if edge.source == "dc2"] == [Edge("dc2", "power-dc2", "utility")]
    kinds = {edge.kind for edge in edges}
    assert kinds == {"site", "utility", "hard", "any-of", "degrading"}
