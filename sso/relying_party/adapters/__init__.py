"""How each profile of a provider is spoken to; chosen by configuration alone."""

from sso.relying_party.adapters.code_flow import CodeFlow
from sso.relying_party.adapters.directory import Directory
from sso.relying_party.adapters.envelope import Envelope
from sso.relying_party.rules.provider import Profile, Provider

ADAPTERS: dict[Profile, type[CodeFlow]] = {
    Profile.OIDC: CodeFlow,
    Profile.DVCQG: CodeFlow,
    Profile.ENVELOPE: Envelope,
}


def adapter_for(provider: Provider) -> CodeFlow:
    return ADAPTERS[provider.profile](provider, Directory(provider))
