"""Decides what every tracker should show: pure, from judgments to a plan."""
