"""Measurements that take long, run by hand."""
