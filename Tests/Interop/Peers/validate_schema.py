"""A JSON Schema and scenario files under the validator of others; the last line it prints is JSON with what it found.

usage: python validate_schema.py SCHEMA SCENARIO...
needs: pip install jsonschema PyYAML

The schema has to be one by the metaschema that it names and by that of draft 2020-12. Each scenario is validated by the
rules of both.
"""
import json, re, sys
import jsonschema
import yaml


class CoreLoader(yaml.SafeLoader):
    """Reads plain scalars by YAML 1.2's core schema, as editors do; PyYAML's own is 1.1, where `on` is true."""

    yaml_implicit_resolvers = {}

    def construct_integer(self, node):
        text = self.construct_scalar(node)
        prefix = text[:2].lower()
        return int(text[2:], {"0x": 16, "0o": 8}[prefix]) if prefix in ("0x", "0o") else int(text)


for tag, pattern in [
    ("null", r"~|null|Null|NULL|"),
    ("bool", r"true|True|TRUE|false|False|FALSE"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"),
]:
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), None)
CoreLoader.add_constructor("tag:yaml.org,2002:int", CoreLoader.construct_integer)

with open(sys.argv[1]) as file:
    schema = json.load(file)
own = jsonschema.validators.validator_for(schema, default=None)
drafts = [own, jsonschema.Draft202012Validator]
for draft in drafts:
    draft.check_schema(schema)

found = {"draft": own.META_SCHEMA["$schema"], "accepted": [], "refused": {}}
for path in sys.argv[2:]:
    with open(path) as file:
        scenario = yaml.load(file, CoreLoader)
    errors = [list(draft(schema).iter_errors(scenario)) for draft in drafts]
    if any(errors) != all(errors):
        sys.exit(f"{path}: the drafts do not agree: {errors}")
    if all(errors):
        found["refused"][path] = jsonschema.exceptions.best_match(errors[0]).message
    else:
        found["accepted"].append(path)
print(json.dumps(found))
