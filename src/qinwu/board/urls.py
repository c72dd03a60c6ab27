"""Addresses of all pages."""

from __future__ import annotations

from django.urls import path

from qinwu.board.api import api
from qinwu.board.views import account, administration, board, calls, events, inspection, maps, systems, today

urlpatterns = [
    path("", board.board, name="board"),
    path("parts/queue", board.queue, name="queue"),
    path("parts/crews", board.crews, name="crews"),
    path("calls/new", calls.new, name="new-call"),
    path("calls/<str:number>", calls.one, name="call"),
    path("calls/<str:number>/send", calls.send, name="send"),
    path("calls/<str:number>/close", calls.close, name="close"),
    path("calls/<str:number>/repeats", calls.repeats, name="repeats"),
    path("sendings/<int:pk>/stamp", calls.stamp, name="stamp"),
    path("sendings/<int:pk>/answer", calls.answer, name="answer"),
    path("sendings/<int:pk>/withdraw", calls.withdraw, name="withdraw"),
    path("events", events.events, name="events"),
    path("today", today.today, name="today"),
    path("today/ask", today.ask, name="ask-away"),
    path("today/order", today.order, name="order-away"),
    path("today/answer/<int:pk>", today.answer, name="answer-away"),
    path("today/hand-over", today.hand_over, name="hand-over"),
    path("today/take-over/<int:pk>", today.take_over, name="take-over"),
    path("map/outlines", maps.outlines, name="outlines"),
    path("map/moving", maps.moving, name="moving"),
    path("systems", systems.systems, name="systems"),
    path("systems/sign", systems.sign, name="sign"),
    path("api/", api.urls),
    path("trail", inspection.trail, name="trail"),
    path("trail/verify", inspection.verify, name="verify"),
    path("accounts", administration.accounts, name="accounts"),
    path("accounts/make", administration.make, name="make-account"),
    path("accounts/<int:pk>/close", administration.close, name="close-account"),
    path("accounts/<int:pk>/roles", administration.change_roles, name="change-roles"),
    path("tokens/make", administration.make_token, name="make-token"),
    path("tokens/<int:pk>/end", administration.end_token, name="end-token"),
    path("login", account.login, name="login"),
    path("logout", account.logout, name="logout"),
    path("first-run", account.first_run, name="first-run"),
    path("healthz", events.healthz, name="healthz"),
]
handler403 = "qinwu.board.views.account.forbidden"
