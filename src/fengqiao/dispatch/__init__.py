"""Handing work to departments (dispatch) and calling someone to come now (whistle): two things."""
