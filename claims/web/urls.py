"""Addresses of the editors' door."""

from django.urls import path

from claims.web.articles import article, articles
from claims.web.board import board
from claims.web.claims import claim
from claims.web.sign_in import SignIn, SignOut

app_name = "web"

urlpatterns = [
    path("", board, name="board"),
    path("articles/", articles, name="articles"),
    path("articles/<str:reference>/", article, name="article"),
    path("claims/<str:reference>/", claim, name="claim"),
    path("sign-in/", SignIn.as_view(), name="sign-in"),
    path("sign-out/", SignOut.as_view(), name="sign-out"),
]
