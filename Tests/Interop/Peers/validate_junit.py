"""Holds JUnit files to the rules of the two schemas that CI servers use, and prints what is wrong as one line of JSON.

Usage: validate_junit.py FILE...

The rules are those that both have, or the stricter one has: that of Apache Ant's tasks (windyroad/JUnit-Schema) and
junit-10.xsd of Jenkins' xunit plugin.
"""

import json
import re
import sys
import xml.etree.ElementTree as ElementTree

NUMBER = re.compile(r"[0-9]+")
# Decimal in Ant's schema; in Jenkins' up to three digits between commas, or digits alone.
TIME = re.compile(r"[0-9]+(\.[0-9]*)?")
TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")

# By element: its attributes with what they must look like, and those of them that must be there.
ATTRIBUTES = {
    "testsuites": ({}, []),
    "testsuite": (
        {
            "name": re.compile(r".+"),
            "timestamp": TIMESTAMP,
            "hostname": re.compile(r".+"),
            "tests": NUMBER,
            "failures": NUMBER,
            "errors": NUMBER,
            "skipped": NUMBER,
            "time": TIME,
            "package": re.compile(r".*"),
            "id": NUMBER,
        },
        ["name", "timestamp", "hostname", "tests", "failures", "errors", "time", "package", "id"],
    ),
    "properties": ({}, []),
    "property": ({"name": re.compile(r".+"), "value": re.compile(r".*", re.S)}, ["name", "value"]),
    "testcase": (
        {"name": re.compile(r".*"), "classname": re.compile(r".*"), "time": TIME},
        ["name", "classname", "time"],
    ),
    "skipped": ({"message": re.compile(r".*", re.S)}, []),
    "failure": ({"message": re.compile(r".*", re.S), "type": re.compile(r".*")}, ["type"]),
    "error": ({"message": re.compile(r".*", re.S), "type": re.compile(r".*")}, ["type"]),
    "system-out": ({}, []),
    "system-err": ({}, []),
}

# By element: its children in their order, as an expression over their names with a blank behind each.
CHILDREN = {
    "testsuites": r"(testsuite )*",
    "testsuite": r"properties (testcase )*system-out system-err ",
    "properties": r"(property )*",
    "testcase": r"(skipped |error |failure )?",
}


def faults(element):
    if element.tag not in ATTRIBUTES:
        yield f"<{element.tag}> is no element"
        return
    known, required = ATTRIBUTES[element.tag]
    for name, value in element.attrib.items():
        if name not in known:
            yield f"<{element.tag}> has no attribute {name}"
        elif not known[name].fullmatch(value):
            yield f"{name} of <{element.tag}> must not be {value!r}"
    for name in required:
        if name not in element.attrib:
            yield f"<{element.tag}> needs {name}"
    children = "".join(f"{child.tag} " for child in element)
    if not re.fullmatch(CHILDREN.get(element.tag, ""), children):
        yield f"<{element.tag}> must not hold {children}"
    if element.tag in CHILDREN and (element.text or "").strip():
        yield f"<{element.tag}> must not hold text"
    for child in element:
        yield from faults(child)


def sums(suite):
    """The counts of a suite must be those of its cases."""
    cases = suite.findall("testcase")
    for attribute, tag in [("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]:
        found = sum(case.find(tag) is not None for case in cases)
        if suite.get(attribute) != str(found):
            yield f"{attribute} is {suite.get(attribute)}, and there are {found}"
    if suite.get("tests") != str(len(cases)):
        yield f"tests is {suite.get('tests')}, and there are {len(cases)}"


found = {}
for path in sys.argv[1:]:
    root = ElementTree.parse(path).getroot()
    found[path] = list(faults(root)) + [fault for suite in root.iter("testsuite") for fault in sums(suite)]
    if root.tag != "testsuites":
        found[path].append(f"the root is <{root.tag}>")
print(json.dumps(found))
