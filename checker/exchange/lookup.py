"""The exchange document of a policy, found by its id."""

from __future__ import annotations

from checker.language.exchange import Exchange
from checker.language.library import NotFound
from checker.language.worlds import Resolver, World


def exchange_of(resolver: Resolver, world: World, day: int) -> Exchange:
    """Return the exchange document of the world's policy that is in force on a day.

    NotFound where there is none, or where it speaks of other versions; Broken where it has errors.
    """
    policy, library = world.policy, resolver.library
    document = library.find("exchange", f"{policy.id}/exchange", day)
    reference = str(document.data.get("policy"))
    if all(each.name != policy.name for each in library.named("policy", reference)):
        raise NotFound(f"`{document.name}` is about `{reference}`, not about `{policy.name}`")
    return resolver.sound(document, resolver.exchange(document, policy))
