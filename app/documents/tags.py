"""What a paper is for who can't see it: the tree of its parts in the order they are read (ISO 14289-1).

Each flowable that shows something has a `Node`, or none where it only adorns. Nodes join the tree when they are drawn:
a paper is drawn in the order in which it is read. Roles are standard ones of ISO 32000-1, 14.8.4.
"""

from typing import Any, Final

from app.documents.raw import Raw

BEGIN: Final = "/Artifact BMC"
END: Final = "EMC"
FOOT: Final = "/Artifact <</Type/Pagination/Subtype/Footer>> BDC"
HEAD: Final = "/Artifact <</Type/Pagination/Subtype/Header>> BDC"
MARK: Final = "/Artifact <</Type/Pagination/Subtype/Watermark>> BDC"


class Node:
    """A part of the tree: role, part it belongs to, further entries of its dictionary."""

    __slots__ = ("entries", "kids", "parent", "reference", "role")

    def __init__(self, role: str, parent: "Node | None" = None, entries: str = "") -> None:
        self.role, self.parent, self.entries = role, parent, entries
        self.kids: list[Node | tuple[int, int]] = []
        self.reference: Any = None

    def under(self, parent: "Node") -> None:
        """Put it, with all that it stands in, under `parent`; nothing where it stands there already."""
        top = self
        while top.parent is not None and top.parent is not parent:
            top = top.parent
        if top is not parent:
            top.parent = parent


def entry(key: str, text: str) -> str:
    """An entry of a dictionary whose value is text in any language."""
    return f"/{key}<FEFF{text.encode('utf-16-be').hex().upper()}>"


class Tree:
    """The tree of one paper. Pages count from 0."""

    def __init__(self) -> None:
        self._root = Node("Document")
        self._root.reference = ()
        self._top = self._root
        self._pages: list[list[Node]] = []
        self._level = 0
        self._order: list[Node] = []

    def section(self, language: str) -> None:
        """What is drawn from now on is in another language than the paper."""
        self._top = Node("Sect", self._root, entry("Lang", language))
        self._join(self._top)
        self._level = 0

    def begin(self, node: Node | None, page: int) -> str:
        """The operator before what is drawn for `node`; it ends with `END`."""
        if node is None:
            return BEGIN
        self._join(node)
        while len(self._pages) <= page:
            self._pages.append([])
        marked = self._pages[page]
        node.kids.append((page, len(marked)))
        marked.append(node)
        return f"/{node.role} <</MCID {len(marked) - 1}>> BDC"

    def _join(self, node: Node) -> None:
        if node.reference is not None:
            return
        parent = node.parent or self._top
        self._join(parent)
        if node.role == "LI" and parent.role != "L":
            last = parent.kids[-1] if parent.kids else None
            if not isinstance(last, Node) or last.role != "L":
                last = Node("L", parent)
                self._join(last)
            parent = node.parent = last
        elif node.role[0] == "H":  # no level is left out: 14289-1, 7.4.2
            self._level = min(int(node.role[1]), self._level + 1)
            node.role = f"H{self._level}"
        node.parent, node.reference = parent, ()
        parent.kids.append(node)
        self._order.append(node)

    def write(self, doc: Any, language: str) -> Any:
        """Write the tree into ReportLab's document, whose pages are there; returns the reference of its root."""
        pages = doc.Pages.pages
        references = [doc.Reference(page) for page in pages]
        tree, parents = Raw(), Raw()
        root = doc.Reference(tree, "tags")
        nodes = [self._root, *self._order]
        objects = [Raw() for _ in nodes]
        for number, (node, made) in enumerate(zip(nodes, objects, strict=True)):
            node.reference = doc.Reference(made, f"tag{number}")
        self._root.entries = entry("Lang", language)
        for node, made in zip(nodes, objects, strict=True):
            parts: list[Any] = [
                f"<</Type/StructElem/S/{node.role}{node.entries}/P ", node.parent.reference if node.parent else root,
            ]  # fmt: skip
            home = next((kid[0] for kid in node.kids if isinstance(kid, tuple)), None)
            if home is not None:
                parts += ["/Pg ", references[home]]
            one = len(node.kids) == 1
            parts.append("/K " if one else "/K[")
            for kid in node.kids:
                if isinstance(kid, Node):
                    parts += [kid.reference, " "]
                elif kid[0] == home:
                    parts.append(f"{kid[1]} ")
                else:
                    parts += ["<</Type/MCR/Pg ", references[kid[0]], f"/MCID {kid[1]}>>"]
            made.set(*parts, ">>" if one else "]>>")
        said: list[Any] = ["<</Nums["]
        for at, marked in enumerate(self._pages):
            said += [f"{at}[", *(part for node in marked for part in (node.reference, " ")), "]"]
        parents.set(*said, "]>>")
        by_page = doc.Reference(parents, "tag parents")
        tree.set("<</Type/StructTreeRoot/K ", self._root.reference, "/ParentTree ", by_page,
                 f"/ParentTreeNextKey {len(pages)}>>")  # fmt: skip
        for at, page in enumerate(pages):
            # ReportLab writes the entries that a page says it has.
            page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
            page.StructParents, page.Tabs, page.Trans = at, "/S", None
        return root
