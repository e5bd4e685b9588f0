# This file is part of Azure Identity for Swift.
# Copyright (c) the Azure Identity for Swift authors.
# SPDX-License-Identifier: Apache-2.0
"""What the checks need to know of Swift source: code without comments and strings, functions, types, imports.

Not a parser: it knows comments, string literals and braces, and that is enough for rules about names and sizes.
"""

import os
import re


def swift_files(root, folders):
    """The Swift files below the given folders of `root`, as paths relative to `root`, in order."""
    found = []
    for folder in folders:
        for directory, names, files in os.walk(os.path.join(root, folder)):
            names[:] = sorted(n for n in names if not n.startswith("."))
            found += [os.path.relpath(os.path.join(directory, f), root) for f in sorted(files) if f.endswith(".swift")]
    return found


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        return file.read()


def blanked(text):
    """The text with comments and the literal parts of strings replaced by spaces; lines and columns stay.

    Interpolations are code, so they stay.
    """
    out = list(text)

    def blank(start, end):
        for index in range(start, min(end, len(text))):
            if out[index] != "\n":
                out[index] = " "

    # Each open string is a frame (quotes, hashes); each open interpolation a count of parentheses on top of it.
    frames = []
    i = 0
    while i < len(text):
        if frames and frames[-1][0] == "string":
            i = _in_string(text, i, frames, blank)
            continue
        if text.startswith("//", i):
            end = text.find("\n", i)
            end = len(text) if end < 0 else end
            blank(i, end)
            i = end
        elif text.startswith("/*", i):
            end = _end_of_block_comment(text, i)
            blank(i, end)
            i = end
        elif opening := re.compile(r'(#*)("""|")').match(text, i):
            blank(i, opening.end())
            frames.append(["string", opening.group(2), opening.group(1)])
            i = opening.end()
        else:
            if frames and text[i] in "()":
                frames[-1][1] += 1 if text[i] == "(" else -1
                if frames[-1][1] == 0:
                    frames.pop()
                    blank(i, i + 1)
            i += 1
    return "".join(out)


def _in_string(text, i, frames, blank):
    """Takes one step inside a string literal and returns where to go on."""
    _, quotes, hashes = frames[-1]
    escape = "\\" + hashes
    if text.startswith(quotes + hashes, i):
        end = i + len(quotes) + len(hashes)
        frames.pop()
    elif text.startswith(escape + "(", i):
        end = i + len(escape) + 1
        frames.append(["code", 1])
    elif text.startswith(escape, i):
        end = i + len(escape) + 1
    elif text[i] == "\n" and quotes == '"':
        end = i + 1  # Unterminated: the compiler refuses it; don't swallow the rest of the file.
        frames.pop()
    else:
        end = i + 1
    blank(i, end)
    return end


def _end_of_block_comment(text, i):
    depth = 0
    for token in re.compile(r"/\*|\*/").finditer(text, i):
        depth += 1 if token.group() == "/*" else -1
        if depth == 0:
            return token.end()
    return len(text)


def matching_brace(code, start):
    """The index after the brace that closes the one at `start`."""
    depth = 0
    for token in re.compile(r"[{}]").finditer(code, start):
        depth += 1 if token.group() == "{" else -1
        if depth == 0:
            return token.end()
    return len(code)


_DECLARATION = re.compile(
    r"\b(?P<kind>func)\s+(?P<name>[^\s(<]+)|(?<![.\w])(?P<init>init)[?!]?\s*(?=[(<])|(?<![.\w])(?P<deinit>deinit)\b"
    r"|(?<![.\w])(?P<subscript>subscript)\s*(?=[(<])|\bvar\s+(?P<var>\w+)\s*:[^={}\n]*(?=\{)"
)
_NEXT_DECLARATION = re.compile(r"\s*(@|#|(public|package|internal|private|fileprivate|open|static|func|var|let|case|init|struct|class"
                               r"|enum|actor|protocol|extension|mutating|nonisolated|subscript|typealias|associatedtype)\b)")


def functions(code):
    """(name, first line, number of lines) of each function, initialiser, subscript and computed property with a body."""
    for match in _DECLARATION.finditer(code):
        start = _start_of_body(code, match.end())
        if start is None:
            continue
        name = match["name"] or match["init"] or match["deinit"] or match["subscript"] or match["var"]
        first = code.count("\n", 0, match.start()) + 1
        yield name, first, code.count("\n", match.start(), matching_brace(code, start)) + 1


def _start_of_body(code, index):
    """Where the body of the declaration whose name ends at `index` opens; `None` for a requirement."""
    depth = 0
    while index < len(code):
        character = code[index]
        if character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif depth == 0 and character == "{":
            return index
        elif depth == 0 and character in "};":
            return None
        elif depth == 0 and character == "\n" and _NEXT_DECLARATION.match(code, index):
            return None
        index += 1
    return None


def top_level_types(code):
    """The names of the types declared outside all braces."""
    names, depth, position = set(), 0, 0
    pattern = re.compile(r"[{}]|(?<![.\w])(?:struct|class|enum|actor|protocol|typealias)\s+(\w+)")
    for token in pattern.finditer(code, position):
        if token.group() == "{":
            depth += 1
        elif token.group() == "}":
            depth -= 1
        elif depth == 0 and token[1] not in ("func", "var", "let", "subscript"):
            names.add(token[1])
    # `import struct Foundation.Date` declares nothing.
    return names - {match[2] for match in imports(code) if match[1]}


def declared_types(code):
    """The names of all types declared in the code, nested ones too."""
    return set(re.findall(r"(?<![.\w])(?:struct|class|enum|actor|protocol|typealias|associatedtype)\s+(\w+)", code))


_IMPORT = re.compile(
    r"^[ \t]*(?:@\w+(?:\([^)]*\))?[ \t]+)*(?:(?:public|package|internal|fileprivate|private)[ \t]+)?import[ \t]+"
    r"(?:(struct|class|enum|actor|protocol|func|var|let|typealias)[ \t]+)?(\w+)", re.M
)


def imports(code):
    """A match for each import: group 1 the kind of declaration, if any, group 2 the module."""
    return list(_IMPORT.finditer(code))


def line_of(code, index):
    return code.count("\n", 0, index) + 1
