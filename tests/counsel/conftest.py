from tests.matters.ground import county, disk, laid

__all__ = ["county", "disk", "laid"]
