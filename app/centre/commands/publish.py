"""`saraptama-centre publish`: what laptops take over; each is looked at before it is published."""

from argparse import Namespace

from app.centre import audit, naming, publishing
from app.centre.configuration import from_environment
from app.centre.opening import centre
from app.centre.publisher import Publisher
from app.domain.errors import NothingToDo
from app.domain.text import N_, LocalText, Text
from app.i18n import Translator


def run(args: Namespace, t: Translator) -> int:
    """Publish one thing, print what it is called."""
    with centre(from_environment(), t, connections=2) as opened:
        publisher, device = Publisher(opened.store, opened.keys), ""
        if "device" in args:
            with opened.store.begin() as connection:
                device = naming.device(connection, args.device)
        match args.what:
            case "pack":
                pack = publisher.pack(args.folder, args.keys)
                print(t("The edition {version} is published: {digest}", version=pack.version, digest=pack.digest))
            case "classifier":
                print(t("The table {name} is published.", name=publisher.classifier(args.file)))
            case "letterhead":
                names = LocalText(kk=args.kk, ru=args.ru, en=args.en)
                publisher.letterhead(device, args.number, args.region, names)
                print(t("The letterhead of {device} is published.", device=device))
            case "paper-keys":
                with opened.store.begin(write=True) as connection:
                    if not publishing.refresh(connection, opened.keys):
                        raise NothingToDo(Text(N_("The same is published already. Nothing needs to be done.")))
                print(t("Keys of papers and revocations are published."))
            case "filter":
                count = publisher.filter(args.kind, args.list)
                print(t("The filter is published. Persons in it: {n}", n=count))
            case _:
                count = publisher.assignments(args.file, device)
                print(t("Assignments for {device} are published: {n}", device=device, n=count))
        with opened.store.begin(write=True) as connection:
            audit.by_command(connection, "reference.published", args.what)
    return 0
