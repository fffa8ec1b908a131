"""PyPI package gql with its requests transport, which validates against the schema that it fetches from the service."""

from gql import Client, gql
from gql.transport.exceptions import TransportQueryError, TransportServerError
from gql.transport.requests import RequestsHTTPTransport

from common import ENDPOINT, TEST_KEY, download, run, unique, until


def client(key: str = TEST_KEY, checked: bool = True, **headers: str) -> Client:
    """A client; one that is `checked` holds each document against the schema that it fetches first."""
    transport = RequestsHTTPTransport(url=ENDPOINT, headers={"Authorization": f"Bearer {key}"} | headers, timeout=60)
    return Client(transport=transport, fetch_schema_from_transport=checked, parse_results=checked)


def query() -> None:
    document = gql(
        """query Providers($type: GenerationType) {
            __typename
            providers(type: $type) {
                __typename id name types
                models { __typename name type pricing { __typename creditCost } }
                options { __typename name type required allowedValues default min max }
            }
        }"""
    )
    document.variable_values = {"type": "VIDEO"}
    with client() as session:
        answer = session.execute(document)
    assert answer["__typename"] == "Query" and len(answer["providers"]) > 3, answer
    for provider in answer["providers"]:
        assert provider["__typename"] == "Provider" and "VIDEO" in provider["types"], provider
        assert {model["__typename"] for model in provider["models"]} == {"Model"}, provider


def mutation() -> None:
    order = gql(
        """mutation Generate($input: GenerateInput!) {
            __typename
            generate(input: $input) {
                __typename id status type provider creditCost
                adjustments { __typename option requested used reason }
                routing { __typename candidates { __typename provider model score excludedBecause } }
            }
        }"""
    )
    order.variable_values = {
        "input": {
            "type": "VIDEO",
            "input": {"text": unique("a kite")},
            "options": {"duration": 5, "seed": 9_007_199_254_740_991, "extra": []},
            "priority": "SPEED",
        }
    }
    read = gql(
        """query Generation($id: ID!) {
            __typename
            generation(id: $id) {
                __typename id status url progress
                metadata { __typename width height duration format seed }
                outputs { __typename url mediaType bytes }
                error { __typename code message }
                attempts { __typename provider startedAt endedAt }
            }
        }"""
    )
    with client() as session:
        answer = session.execute(order)
        accepted = answer["generate"]
        assert (answer["__typename"], accepted["__typename"]) == ("Mutation", "Generation"), answer
        read.variable_values = {"id": accepted["id"]}
        result = until(lambda: session.execute(read)["generation"])
    assert result["status"] == "COMPLETED" and result["error"] is None, result
    assert result["metadata"]["__typename"] == "Metadata" and result["metadata"]["duration"] > 0, result
    assert len(download(result["url"])) == result["outputs"][0]["bytes"], result


#: What the four mutations with flat inputs make.
FLAT_ORDERS = {
    "video": {"prompt": "Beautiful sunset over ocean", "model": "luma", "duration": 9},
    "image": {"prompt": "a lighthouse", "model": "flux-ultra", "aspectRatio": "16:9", "seed": 42},
    "audio": {"prompt": "Good evening.", "provider": "elevenlabs", "voice": "rachel", "speed": 1.0},
    "avatar": {"prompt": "Hello", "provider": "heygen", "avatarId": "kate", "voice": "professional_female"},
}
#: The second is none of the schema's: a client that checks documents against it can't send it.
LEAVES = {"first": "metadata { __typename format } error { code message }", "second": "metadata error errorCode"}


def flat(kind: str) -> None:
    """A flat mutation with a variable, aliases and fragments, repeated under its idempotency key until the file is there."""
    type_ = kind.capitalize()
    order = FLAT_ORDERS[kind] | {"prompt": unique(FLAT_ORDERS[kind]["prompt"])}
    key = {"Idempotency-Key": unique("gql").replace(" ", "-")}

    def mutate(dialect: str) -> dict:
        document = gql(
            f"""mutation Make($order: {type_}CreateInput!) {{ made: {kind}Create(input: $order) {{ ...Payload }} }}
            fragment Payload on {type_}CreatePayload {{ __typename id status link: {kind}Url generation {{ ...Made }} }}
            fragment Made on Generation {{ __typename id state: status ... on Generation {{ type }} {LEAVES[dialect]} }}"""
        )
        document.variable_values = {"order": order}
        with client(checked=dialect == "first", **key) as session:
            return session.execute(document)["made"]

    made = mutate("first")
    assert made["__typename"] == f"{type_}CreatePayload" and made["link"] is None, made
    assert (made["generation"]["__typename"], made["generation"]["type"]) == ("Generation", kind.upper()), made
    again = until(lambda: mutate("first"))
    assert (again["id"], again["status"], again["generation"]["state"]) == (made["id"], "COMPLETED", "COMPLETED"), again
    second = mutate("second")["generation"]
    assert (second["id"], second["state"], second["error"], second["errorCode"]) == (made["id"], "completed", None, None), second
    assert second["metadata"]["format"] == again["generation"]["metadata"]["format"], second
    assert len(download(again["link"])) > 500


def error() -> None:
    with client() as session:
        try:
            session.execute(gql('{ generation(id: "gen_unknown") { id } }'))
        except TransportQueryError as refused:
            assert [each["extensions"]["code"] for each in refused.errors] == ["NOT_FOUND"], refused.errors
            return
    raise AssertionError("an unknown id was answered")


def wrong_key() -> None:
    try:
        with client(key="wrong") as session:
            session.execute(gql("{ account { id } }"))
    except (TransportServerError, TransportQueryError) as refused:
        assert "key" in str(refused) or "401" in str(refused), refused
        return
    raise AssertionError("a wrong key was taken")


if __name__ == "__main__":
    cases = {"a query": query, "a mutation, and queries until it is done": mutation, "an error's code": error, "a wrong key": wrong_key}
    for kind in FLAT_ORDERS:
        cases[f"{kind}Create to the file"] = lambda kind=kind: flat(kind)
    run(cases)
