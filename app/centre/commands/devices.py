"""`saraptama-centre devices`: the laptops that this centre knows."""

import json
from argparse import Namespace

from app.centre import admission
from app.centre.configuration import from_environment
from app.centre.opening import store_of
from app.crypto import signing
from app.i18n import Translator


def run(args: Namespace, t: Translator) -> int:
    """One line a laptop."""
    with store_of(from_environment(), connections=1) as store, store.begin() as connection:
        found = admission.devices(connection)
    for row in found:
        names = json.loads(str(row["names"]))
        fingerprint = signing.fingerprint(bytes(row.pop("public_key")))  # type: ignore[call-overload]
        if args.json:
            told = {**row, "names": names, "fingerprint": fingerprint, "events": int(str(row["events"]))}
            print(json.dumps(told, ensure_ascii=False))
            continue
        print(t("{device}  No {number}, {name}  {fingerprint}  records: {n}", device=row["device"],
                number=row["number"], name=names[t.language], fingerprint=fingerprint, n=row["events"]))  # fmt: skip
        if row["revoked_at"]:
            print(t("    revoked {at}: {reason}", at=row["revoked_at"], reason=row["revoked_reason"]))
    if not found and not args.json:
        print(t("No laptop is enrolled yet. Invite one: saraptama-centre invite"))
    return 0
