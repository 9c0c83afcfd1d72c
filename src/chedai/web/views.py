"""Pages that belong to no step: home, health, and the ways to say no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from chedai.web.navigation import navigation_for
from chedai.web.pages import page

if TYPE_CHECKING:
    from django.http import HttpRequest


@login_not_required
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return HttpResponse("ok", content_type="text/plain")


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the first page of the user's menu."""
    links = navigation_for(request)
    if links and links[0].href != request.path:
        return redirect(links[0].href)
    return page(request, "web/trouble.html", title="还没有可以打开的页面", advice=NO_ROLE)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _trouble(request, 400, title="这个请求读不懂", advice="请回到上一页，检查后再试一次。")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    advice = str(exception) or "您的角色不能打开这一页。需要的话，请系统管理员调整。"
    return _trouble(request, 403, title="这一页不对您开放", advice=advice)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    advice = "可能是网址抄错了，或者这一单不在您能看到的范围里。请从菜单重新进入。"
    return _trouble(request, 404, title="没有找到这一页", advice=advice)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer without the database and without the menu: either may be what broke."""
    return HttpResponse(BROKEN, status=500)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    advice = "页面开得太久，安全凭证过期了。请刷新页面再提交，已填的内容请先复制。"
    return _trouble(request, 403, title="请刷新后再提交", advice=advice)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    advice = "尝试的次数太多，请等几分钟再试。忘记密码请找系统管理员。"
    return _trouble(request, 429, title="请稍等再试", advice=advice)


def _trouble(request: HttpRequest, status: int, *, title: str, advice: str) -> HttpResponse:
    return page(request, "web/trouble.html", status=status, title=title, advice=advice)


NO_ROLE = "您的账号还没有角色。请系统管理员在「人员」里给您分配角色。"
BROKEN = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>出错了 · Chedai 车贷</title></head>
<body><main><h1>这一步没有做成</h1>
<p>系统出了问题,已经记录下来。您刚才提交的内容没有保存,请稍后再试;一直不行,请找系统管理员。</p>
<p><a href="/">回到首页</a></p></main></body></html>
"""
