"""Prints the tables of template.yaml as DynamoDB's CreateTable wants them, so that there is one definition of them.

Run by the Python of the emulator's environment, which brings a YAML reader: template_tables.py TEMPLATE
"""

import json
import sys

import yaml

#: Properties that CreateTable knows by the same names and that matter to a measurement.
KEPT = ["AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode"]


class Loader(yaml.SafeLoader):
    """Reads a template; what !Ref and the like stand for is not needed."""


Loader.add_multi_constructor("!", lambda loader, tag, node: None)


def main(template: str) -> None:
    with open(template, encoding="utf-8") as file:
        try:
            resources = yaml.load(file, Loader)["Resources"]
        except yaml.YAMLError as error:
            raise SystemExit(" ".join(str(error).split())) from None
    tables = {
        name: {kept: resource["Properties"][kept] for kept in KEPT if kept in resource["Properties"]}
        for name, resource in resources.items()
        if isinstance(resource, dict) and resource.get("Type") == "AWS::DynamoDB::Table"
    }
    print(json.dumps(tables))


if __name__ == "__main__":
    main(sys.argv[1])
