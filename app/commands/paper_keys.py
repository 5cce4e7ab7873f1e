"""`saraptama paper-keys`: what others need to check the papers of this desk, as one file."""

from argparse import Namespace

from app.commands import credentials
from app.commands.print_documents import folder
from app.i18n import Translator
from app.services.output import write_files
from app.services.paper_keys import SUFFIX


def run(args: Namespace, t: Translator) -> int:
    """Write the file, print its path and the fingerprint that the department reads out to whoever asks."""
    folder(args.out)
    with credentials.signed_in(args, t) as desk:
        data, fingerprint = desk.paper_witness.export(), desk.paper_witness.fingerprint()
    path = args.out / f"{fingerprint.replace(' ', '')}{SUFFIX}"
    write_files({path: data})
    print(path)
    print(t("Fingerprint of the key: {fingerprint}. Read it out to whoever checks papers.", fingerprint=fingerprint))
    return 0
