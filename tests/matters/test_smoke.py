import pytest


@pytest.mark.django_db
def test_smoke():
    from fengqiao.places.models import Division

    assert Division.objects.count() == 0
