"""Schemas with a workspace's own names, for the editor of who writes its files."""

import json

import jsonschema

from syncd.documents import read_document
from tests.cli.running import syncd


def test_names_of_the_workspace_are_in_them(config):
    config.write(
        "default/rules/a.yaml",
        "params: {slack: 3d}\nsets: {mine: {item.kind: bug}}\nrules:\n"
        "  - {id: r, title: R, message: M, applies_to: mine, when: {item.age: {gt: {param: slack}}}}\n",
    )

    ended = syncd("schema", "--config", str(config.config))

    folder = config.config / "default" / "schema"
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        f"wrote {folder / 'rules.schema.json'}; first line of rules/*.yaml:",
        "  # yaml-language-server: $schema=../schema/rules.schema.json",
        f"wrote {folder / 'roadmap.schema.json'}; first line of roadmap.yaml:",
        "  # yaml-language-server: $schema=schema/roadmap.schema.json",
    ]
    definitions = json.loads((folder / "rules.schema.json").read_text())["$defs"]
    assert definitions["condition"]["properties"]["set"]["examples"] == ["mine"]
    assert definitions["param"]["examples"] == ["slack"]
    assert definitions["matcher-trace.outcome.id"]["examples"] == ["checkout-latency"]


def test_its_own_files_are_valid_and_it_still_is_a_configuration(config):
    syncd("schema", "--config", str(config.config))

    for name, path in (("rules", "default/rules/rules.yaml"), ("roadmap", "default/roadmap.yaml")):
        schema = json.loads((config.config / f"default/schema/{name}.schema.json").read_text())
        jsonschema.validate(read_document(config.config / path, path).data, schema, jsonschema.Draft202012Validator)
    assert syncd("check", "--config", str(config.config)).code == 0


def test_what_ships_with_it_is_left_alone():
    ended = syncd("schema")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "no configuration of yours is here; `syncd init` writes one\n"
