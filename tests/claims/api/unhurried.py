"""The web application for a caller whom no throttle stops: a run of thousands of requests."""

from importlib import import_module

from config.wsgi import application

__all__ = ["application"]

vars(import_module("claims.api.pace"))["MOST"] = 10**9  # only once Django is set up
