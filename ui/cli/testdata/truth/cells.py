#!/usr/bin/env python3
"""Reads an exported CSV as a spreadsheet would and looks for formulas.

Usage: cells.py FILE EXPECTED

EXPECTED is a JSON array of rows of the texts that were exported, before the
apostrophe that disarms a formula. The exit code is 1 when a cell could be
calculated, or when a cell without its apostrophe is another text.
"""

import csv
import json
import sys

STARTS = tuple("=+-@;\t\r\n＝＋－＠；")


def formula(cell):
    return cell.lstrip(" \u00a0\u3000\"").startswith(STARTS)


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    with open(sys.argv[2], encoding="utf-8") as file:
        expected = json.load(file)
    formulas = unlike = 0
    for row, texts in zip(rows, expected, strict=True):
        for cell, text in zip(row, texts, strict=True):
            formulas += formula(cell)
            unlike += cell != text and cell != "'" + text
    print(f"{len(rows)} rows, {formulas} formula cells, {unlike} unlike")
    sys.exit(1 if formulas or unlike or not rows else 0)


if __name__ == "__main__":
    main()
