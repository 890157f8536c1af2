"""The product's addresses, and beside them those that do nothing, or do it the stock way."""

from django.urls import include, path

from benchmarks.api_views import Nothing, StockClaims, nothing

urlpatterns = [
    path("bare/", nothing),
    path("api/v1/nothing/", Nothing.as_view()),
    path("api/v1/stock/", StockClaims.as_view()),
    path("", include("config.urls")),
]
