"""The parties as papers write them: who acts for them by law beside the name, and a place to sign for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from fengqiao.dossier.paper import BLANK
from fengqiao.matters.enums import PartyKind, PartyRole
from fengqiao.matters.models import Matter, Party
from fengqiao.mediation.domain.standing import OF_AN_AGENT
from fengqiao.mediation.enums import StandingKind
from fengqiao.mediation.models import Standing

ANONYMOUS = "（匿名）"
AUTHORITY = {StandingKind.GENERAL: "一般授权", StandingKind.SPECIAL: "特别授权"}
# Names up to so many characters sign two in a line, one beneath the other.
SHORT = 6
OF_A_PERSON = "性别＿＿　民族＿＿　年龄＿＿　职业＿＿＿\n电话＿＿＿＿＿＿＿　单位或者住址＿＿＿＿＿＿＿"
OF_A_BODY = "统一社会信用代码＿＿＿＿＿＿＿＿＿＿\n电话＿＿＿＿＿＿＿　住所＿＿＿＿＿＿＿＿＿＿"


@dataclass(frozen=True)
class People:
    """Everybody in a matter, and what was written down of who stands for whom (``stood``, oldest first)."""

    parties: tuple[Party, ...]
    stood: tuple[Standing, ...] = ()

    def by_role(self, role: PartyRole) -> list[Party]:
        """The parties of a side, without who acts for them."""
        return [each for each in self.principals if each.role == role]

    @property
    def principals(self) -> list[Party]:
        return [each for each in self.parties if not each.agent_of_id]

    def named(self, parties: Iterable[Party]) -> str:
        """Their names in one line; who gave none is not among them."""
        return "、".join(self.name_of(each) for each in parties if each.name)

    def name_of(self, party: Party) -> str:
        """The name with who acts for the party by law: of an organisation, or of a minor (民法典 第23条、第61条)."""
        if party.legal_representative:
            return f"{party.name}（法定代表人：{party.legal_representative}）"
        guardian = self._guardians.get(party.pk, "")
        return f"{party.name or ANONYMOUS}{f'（法定代理人：{guardian}）' if guardian else ''}"

    def places_to_sign(self, parties: Iterable[Party]) -> str:
        """A line for each, however many they are; where nobody is named, one for either side."""
        names = [self._signing(each) for each in parties if each.name]
        if len(names) < 2 or (len(names) == 2 and max(map(len, names)) <= 2 * SHORT):
            return "　".join(f"{name}{BLANK}" for name in names or ("", ""))
        lines, waiting = [""], ""
        for name in names:
            place = f"{name:　<{SHORT}}{BLANK}"
            if len(name) <= SHORT and waiting:
                lines[-1], waiting = f"{waiting}　　{place}", ""
            else:
                lines.append(place)
                waiting = place if len(name) <= SHORT else ""
        return "\n".join(lines)

    def particulars(self, parties: Iterable[Party]) -> str:
        """What a printed form asks of each beside the name. It is filled in by hand: protected numbers are none of
        the facts of papers, and of nationality, age and trade the program knows nothing."""
        return "\n".join(self._particulars(each) for each in parties)

    def agents(self) -> list[str]:
        """Who acts for whom by a power of attorney, and how far; the newest word on each counts."""
        authority = {(s.party_id, s.name): s for s in self.stood if s.kind in OF_AN_AGENT}
        names = {each.pk: each.name for each in self.parties}
        said = []
        for each in self.parties:
            if each.agent_of_id and each.name:
                given = authority.pop((each.agent_of_id, each.name), None)
                power = "，".join(filter(None, (each.agent_power, _authority(given) if given else "")))
                said.append(
                    f"{names.get(each.agent_of_id) or ANONYMOUS}委托{each.name}{power and '：'}{power}"
                )
        said += [
            f"{names.get(party) or ANONYMOUS}委托{name}：{_authority(given)}"
            for (party, name), given in authority.items()
        ]
        return said

    def _particulars(self, party: Party) -> str:
        name = self.name_of(party)
        if party.kind == PartyKind.ORGANISATION:
            return f"{name}\n{OF_A_BODY}"
        return f"{name}{'　' if len(name) <= SHORT else chr(10)}{OF_A_PERSON}"

    def _signing(self, party: Party) -> str:
        seal = "（盖章）" if party.kind == PartyKind.ORGANISATION else ""
        return f"{self.name_of(party)}{seal}"

    @property
    def _guardians(self) -> dict[UUID, str]:
        found: dict[UUID, str] = {}
        for each in self.stood:
            if each.kind == StandingKind.GUARDIAN:
                found[each.party_id] = each.name
            elif each.kind == StandingKind.NOT_MINOR:
                found.pop(each.party_id, None)
        return found


def people_of(matter: Matter, *, mediated: bool) -> People:
    """Everybody in the matter. Of whoever was never mediated, nobody wrote down who stands for them."""
    stood = Standing.objects.filter(matter_id=matter.pk) if mediated else ()
    return People(tuple(Party.objects.filter(matter_id=matter.pk)), tuple(stood))


def _authority(given: Standing) -> str:
    paper = f"（{given.paper}）" if given.paper else ""
    return f"{AUTHORITY[StandingKind(given.kind)]}{paper}"
