"""Addresses of the editors' door."""

from django.urls import path

from claims.web.account import account, end_other_sessions
from claims.web.articles import article, articles
from claims.web.board import board
from claims.web.claims import claim
from claims.web.lists import claims
from claims.web.second_factor import second_factor_page, take_step
from claims.web.sign_in import SignIn, SignOut, enter_code
from claims.web.tokens import revoke, tokens
from claims.web.uses import correction, corrections

app_name = "web"

urlpatterns = [
    path("", board, name="board"),
    path("articles/", articles, name="articles"),
    path("articles/<str:reference>/", article, name="article"),
    path("claims/", claims, name="claims"),
    path("claims/<str:reference>/", claim, name="claim"),
    path("corrections/", corrections, name="corrections"),
    path("corrections/<str:reference>/", correction, name="correction"),
    path("sign-in/", SignIn.as_view(), name="sign-in"),
    path("sign-in/code/", enter_code, name="sign-in-code"),
    path("sign-out/", SignOut.as_view(), name="sign-out"),
    path("account/", account, name="account"),
    path("account/sessions/end/", end_other_sessions, name="end-other-sessions"),
    path("account/second-step/", second_factor_page, name="second-factor"),
    path("account/second-step/<slug:name>/", take_step, name="second-factor-step"),
    path("account/tokens/", tokens, name="tokens"),
    path("account/tokens/<slug:prefix>/revoke/", revoke, name="token-revoke"),
]
