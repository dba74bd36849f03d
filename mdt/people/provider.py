"""The hospital's own sign-on by OpenID Connect: off unless MDT_OIDC_ISSUER names a provider.

authlib does the protocol: discovery, state, nonce, PKCE, and the check of the token's signature, issuer, audience and
time. Here stands whose account it is. The provider makes no accounts: an administrator adds people as always.
"""

import time
from functools import cache

from authlib.integrations.base_client import OAuthError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from joserfc.errors import JoseError
from requests import RequestException

from mdt.addresses import public
from mdt.people.models import ProviderIdentity, User

SECONDS_TO_ANSWER = 10
FRESH_SECONDS = 300  # a confirmation at the provider must not be older
MULTI_FACTOR = {"mfa", "otp", "hwk", "swk", "sc"}  # RFC 8176: words for more than a password


class SignOnFailed(Exception):
    """The provider did not vouch for anybody: refused, unreachable, or an answer that cannot be trusted."""


def is_on() -> bool:
    return bool(settings.OIDC)


@cache
def _client(issuer: str, client_id: str, client_secret: str):
    return OAuth().register(
        "hospital",
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_id=client_id,
        client_secret=client_secret or None,
        client_kwargs={
            "scope": "openid profile",
            "code_challenge_method": "S256",
            "default_timeout": SECONDS_TO_ANSWER,
        },
    )


def _ours():
    return _client(settings.OIDC["issuer"], settings.OIDC["client_id"], settings.OIDC["client_secret"])


def to_provider(request: HttpRequest, *, again: bool) -> HttpResponse:
    """Send the browser to the provider; `again`: they must show anew who they are. Raises SignOnFailed."""
    anew = {"prompt": "login", "max_age": 0} if again else {}
    try:
        return _ours().authorize_redirect(request, public(reverse("sign-on-answer")), **anew)
    except (OAuthError, RequestException, ValueError) as error:
        raise SignOnFailed(type(error).__name__) from None


def claims_of(request: HttpRequest) -> dict:
    """What the provider says of the person who came back, every check passed. Raises SignOnFailed."""
    try:
        token = _ours().authorize_access_token(request)
        claims = dict(token["userinfo"])
        if settings.OIDC["username_claim"] not in claims:
            more = _ours().userinfo(token=token)
            claims = {**more, **claims} if more.get("sub") == claims["sub"] else claims
    except (OAuthError, JoseError, RequestException, ValueError, KeyError, TypeError) as error:
        raise SignOnFailed(type(error).__name__) from None
    return claims


def known_person(claims: dict) -> User | None:
    """Whose account the provider's person has: linked before by its lasting identifier."""
    found = ProviderIdentity.objects.filter(issuer=claims["iss"], subject=claims["sub"]).select_related("person")
    return next((identity.person for identity in found), None)


def namesake(claims: dict) -> User | None:
    """The account to be linked at the first sign-on: of the same user name, and linked to nobody yet."""
    name = claims.get(settings.OIDC["username_claim"])
    if not isinstance(name, str) or not name:
        return None
    return User.objects.filter(username=name, is_superuser=False, provider_identity=None).first()


def had_second_factor(claims: dict) -> bool:
    """Whether the provider says that more than a password was asked."""
    said = claims.get("amr")
    return isinstance(said, list) and bool(MULTI_FACTOR & {word for word in said if isinstance(word, str)})


def is_fresh(claims: dict) -> bool:
    """Whether the person showed who they are just now."""
    at = claims.get("auth_time")
    return isinstance(at, int) and time.time() - at < FRESH_SECONDS
