"""The site's addresses: each door has its own tree."""

from django.urls import include, path

from claims.admin import desk
from config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", desk.urls),
    path("api/v1/", include("claims.api.urls")),
    path("", include("claims.web.urls")),
]

handler400 = "config.errors.bad_request"
handler500 = "config.errors.server_error"
