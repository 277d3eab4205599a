from tests.matters.ground import county, laid

__all__ = ["county", "laid"]
