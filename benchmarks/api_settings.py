"""The product's settings, with two views more: what its own are measured against."""

from config.settings import *  # noqa: F403 - all of them

ROOT_URLCONF = "benchmarks.api_urls"
