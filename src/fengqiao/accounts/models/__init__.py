from fengqiao.accounts.models.person import Person

__all__ = ["Person"]
