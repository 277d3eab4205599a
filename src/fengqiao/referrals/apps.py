from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "fengqiao.referrals"
    label = "referrals"
