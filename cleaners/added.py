r"""Added: the characters that only the output has. Whatever else stands in a text, the page says.

A list is told from a paragraph, and a cell from the next, by what is put before and between them. All of it stands
here, so that a text without these is the page's own, code point for code point (`cleaners.trace`). Besides
there are numbers: of a list item, `1.` or `b.`, and of a bare link that has no text in Parsoid's HTML, `[1]`. And
words that depend on the reader's script: Parsoid keeps them in an attribute, which is no text of the page.
"""

BULLET = "-"                             # before an item of a list without numbers
INDENT = "  "                            # before an item, for each list it lies in
ITEM_SEPARATOR = "\n"                    # between the items of a list, and the pictures of a gallery
CELL_SEPARATOR = " | "                   # between the cells of a row
ROW_SEPARATOR = "\n"                     # between rows, and after a caption
BLOCK_SEPARATOR = "\n\n"                 # between blocks, and between stanzas
LINE_BREAK = "\n"                        # for br, and between the paragraphs of an item or a cell
FORMULA = (r"\(", r"\)")                 # around TeX in a line
DISPLAYED = (r"\[", r"\]")               # around TeX on a line of its own
TEX = {                                  # around and between the parts of a formula in MathML, by element
    "mfrac": (r"\frac{", "}{", "}"),
    "msqrt": (r"\sqrt{", "}"),
    "mroot": (r"\sqrt[", "]{", "}"),
    "msub": ("", "_{", "}"),
    "msup": ("", "^{", "}"),
    "msubsup": ("", "_{", "}^{", "}"),
    "munder": ("", "_{", "}"),
    "mover": ("", "^{", "}"),
    "munderover": ("", "_{", "}^{", "}"),
}
TEX_GROUP = ("{", "}")                   # around what an index belongs to
TEX_NAME = (r"\operatorname{", "}")
TEX_WORDS = (r"\text{", "}")
TEX_MATRIX = (r"\begin{matrix} ", r" \end{matrix}")
TEX_ROW = r" \\ "
TEX_CELL = " & "
READING = ("(", ")")                     # around the reading of a ruby annotation
QUOTED = ('"', '"')                      # around a quotation in a line, which a browser prints marks around
NUMBERED = ("[", "]")                    # around the number of a bare link
RAISED = "^"                             # before what stands raised as an exponent or a charge
