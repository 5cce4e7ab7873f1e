"""The act of signing: every member's key is opened, then everything is frozen in one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.crypto import digests
from app.crypto.slots import Bundle, KeySlots
from app.domain import case_file
from app.domain.errors import UserError
from app.domain.names import same_name
from app.domain.proposal import Proposal
from app.domain.text import N_, Text
from app.domain.vocabulary import CaseState
from app.domain.voting import DIFFERS
from app.services.conclusions import in_languages
from app.services.keyring import is_of, is_void
from app.services.link_pull import require_not_revoked
from app.services.signed import Signer, make_record, make_seal
from app.services.views import CaseView, Document, MemberSignature
from app.services.workplace import Workplace
from app.storage import cases, conclusions, installation, protocols, users
from app.storage.chain import AUDIT, EVENTS
from app.storage.conclusions import ConclusionRow
from app.storage.unit_of_work import UnitOfWork, written_time

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.storage.users import UserRow


def open_signers(place: Workplace, document: Document, given: Sequence[MemberSignature]) -> tuple[Signer, ...]:
    """Every member of the commission with the opened key, in the commission's order.

    UserError: a member who didn't sign or signed twice, a login of somebody else, one person for two members, a
    wrong passphrase.
    """
    commission: list[dict[str, Any]] = case_file.get(document, "examination.commission") or []
    by_member = {signature.member: signature for signature in given}
    if len(by_member) != len(given) or not set(by_member) <= set(range(len(commission))):
        raise UserError(Text(N_("A signature does not belong to a member of the commission, or was given twice.")))
    with place.database.reading() as connection:
        known = {user.login: user for user in users.everybody(connection)}
        made_by, used = _accounts(connection)
    names = {user.id: user.name for user in known.values()}
    slots = place.keys.read()
    signers: list[Signer] = []
    for index, member in enumerate(commission):
        where, name = f"signatures.{index}", member["name"]
        signature = by_member.get(index)
        if signature is None:
            sentence = N_("{name} has not signed. Every member of the commission signs with their own passphrase.")
            raise UserError(Text(sentence, {"name": name}), where=where)
        user = _user_of(known, signature.login, name, where)
        if any(signer.user_id == user.id for signer in signers):
            sentence = N_("{name} can't sign for two members of the commission.")
            raise UserError(Text(sentence, {"name": name}), where=where)
        bundle = open_own(place, slots, user, signature.passphrase, name=name, where=where)
        maker = None if user.id in used else made_by.get(user.id)
        signers.append(Signer(index, name, member["role"], user.id, user.login, bundle.seed, maker))
    with place.database.reading() as connection:
        require_not_revoked(connection, *(signer.user_id for signer in signers))
    present = {signer.user_id for signer in signers}
    # Only a co-signer's hand in an account matters here; the seal then names that person.
    return tuple(
        replace(signer, account_by=names[signer.account_by] if signer.account_by in present else None)
        for signer in signers
    )


def open_own(place: Workplace, slots: KeySlots, user: "UserRow", passphrase: str, *, name: str, where: str) -> Bundle:
    """The keys of one user by that user's own passphrase; UserError with the `name` where it is wrong."""
    bundle = slots.open(user.login, "passphrase", passphrase)
    if bundle is not None:
        with place.database.reading() as connection:
            bundle = None if is_void(connection, bundle) else bundle
    if bundle is None or not is_of(bundle, user):
        sentence = N_("The passphrase of {name} is wrong. Check the keyboard's language, then try again.")
        raise UserError(Text(sentence, {"name": name}), where=where)
    return bundle


def confirm_as(place: Workplace, login: str, passphrase: str, name: str, where: str) -> None:
    """UserError unless `login` is an account of `name` and this is its passphrase."""
    with place.database.reading() as connection:
        known = {user.login: user for user in users.everybody(connection)}
    user = _user_of(known, login, name, where)
    open_own(place, place.keys.read(), user, passphrase, name=name, where=where)


def _accounts(connection: "Connection") -> tuple[dict[str, str], set[str]]:
    """Who added each account on this laptop (ids), and the accounts that somebody has signed in with."""
    made_by: dict[str, str] = {}
    used: set[str] = set()
    for _, record in AUDIT.of_the_desk(connection):
        if record["action"] == "user.added":
            made_by[record["new"]["id"]] = record["actor"]
        elif record["action"] == "user.signed_in":
            used.add(record["actor"])
    return made_by, used


def freeze(place: Workplace, view: CaseView, proposal: Proposal, signers: Sequence[Signer]) -> None:
    """Write the conclusion, the state and the events; what was signed before is superseded where this corrects it."""
    with place.begin() as work:
        now = written_time(work.now)
        record = make_record(
            case_id=view.id,
            number=view.number,
            supersedes=view.supersedes,
            document=view.document,
            proposal=in_languages(proposal),
            pack=proposal.pack,
            department=place.department(),
            signed_at=now,
        )
        seal = make_seal(
            record,
            signers,
            installation.identity(work.connection),
            now,
            audit=AUDIT.head(work.connection),
            events=EVENTS.head(work.connection),
        )
        digest = digests.digest(digests.CONCLUSION, record)
        written = digests.written(digest)
        head = work.audit("case.signed", case_id=view.id, old=view.state.value, new=written)
        cases.save(work, head, view.id, view.document, {}, columns=False)
        conclusions.add(work, ConclusionRow(view.id, digest, record, seal))
        cases.set_state(work, view.id, CaseState.SIGNED)
        protocols.add(work, head, view.id, view.number, view.document)
        if any(conflict.code == DIFFERS for conflict in proposal.conflicts):
            work.emit(
                "decision.overridden",
                {"digest": written, "proposed": proposal.outcome.value, "decision": view.document["decision"]},
                case_id=view.id,
                pack_digest=proposal.pack.digest,
            )
        # As text, so that whoever receives the event has the very bytes that were signed.
        payload = {"number": view.number, "digest": written, "record": record.decode(), "seal": seal.decode()}
        work.emit("case.signed", payload, case_id=view.id, pack_digest=proposal.pack.digest)
        if view.supersedes is not None:
            _supersede(work, view.supersedes, by=view.id)
        work.commit()


def _supersede(work: UnitOfWork, case_id: str, *, by: str) -> None:
    work.audit("case.superseded", case_id=case_id, old=CaseState.SIGNED.value, new=by)
    cases.set_state(work, case_id, CaseState.SUPERSEDED)
    work.emit("case.superseded", {"by": by}, case_id=case_id, subject=by)


def _user_of(known: dict[str, "UserRow"], login: str, name: str, where: str) -> "UserRow":
    from app.crypto.slots import fold_login

    user = known.get(fold_login(login))
    if user is None or not same_name(user.name, name):
        sentence = N_(
            "The login “{login}” is not that of {name}. Choose the member's own login, or add it in the settings."
        )
        raise UserError(Text(sentence, {"login": login, "name": name}), where=where)
    return user
