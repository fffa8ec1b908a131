// npm package graphql-request: a query, a mutation, an error.

import { ClientError, GraphQLClient, gql } from 'graphql-request';
import { check, download, endpoint, FLAT_ORDERS, flatMutation, makeFlat, rejected, run, same, testKey, unique } from './common.mjs';

const client = new GraphQLClient(endpoint, { headers: { authorization: `Bearer ${testKey}` } });

const FIELDS = `__typename id status progress url creditCost
  metadata { __typename width height format } outputs { __typename mediaType bytes sha256 }
  adjustments { __typename option used } routing { __typename candidates { __typename provider } }
  error { __typename code message } attempts { __typename provider } createdAt`;

const mutate = async (kind, dialect, variables, headers) =>
  (await client.request(flatMutation(kind, dialect), variables, headers)).made;
const flat = Object.keys(FLAT_ORDERS).map((kind) => [`${kind}Create to the file`, () => makeFlat(kind, mutate)]);

await run({
  ...Object.fromEntries(flat),
  'a query': async () => {
    const query = gql`{ __typename account { __typename id tier balance { __typename available } limits { __typename perMinute { __typename limit } } } }`;
    const { __typename, account } = await client.request(query);
    same([__typename, account.__typename, account.balance.__typename], ['Query', 'Account', 'Balance'], 'the type names');
    same([account.limits.__typename, account.limits.perMinute.__typename], ['Limits', 'Limit'], 'the type names');
  },
  'a mutation, and queries until it is done': async () => {
    const mutation = gql`mutation Generate($input: GenerateInput!) { __typename generate(input: $input) { ${FIELDS} } }`;
    const query = gql`query ($id: ID!) { __typename generation(id: $id) { ${FIELDS} } }`;
    const input = { type: 'AUDIO', input: { text: unique('Good morning.') }, options: { speed: 1.0 } };
    const { __typename, generate } = await client.request(mutation, { input });
    same([__typename, generate.__typename], ['Mutation', 'Generation'], 'the type names');
    let generation = generate;
    while (!['COMPLETED', 'FAILED', 'CANCELED'].includes(generation.status)) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      ({ generation } = await client.request(query, { id: generate.id }));
    }
    same([generation.status, generation.metadata.__typename, generation.error], ['COMPLETED', 'Metadata', null], 'the end');
    check((await download(generation.url)).length === generation.outputs[0].bytes, 'the file has another length');
  },
  'the raw answer shows the rate headers': async () => {
    const { headers, status } = await client.rawRequest('{ __typename }');
    same(status, 200, 'the status');
    for (const name of ['x-request-id', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset']) {
      check(headers.get(name), `${name} is missing`);
    }
  },
  'an error has its code': async () => {
    const error = await rejected(client.request('{ generation(id: "gen_unknown") { id } }'));
    check(error instanceof ClientError, `${error} is no ClientError`);
    same(error.response.errors[0].extensions.code, 'NOT_FOUND', 'the code');
  },
  'an invalid document has a code, too': async () => {
    const error = await rejected(client.request('{ nonsense }'));
    same(error.response.errors[0].extensions.code, 'INVALID_INPUT', 'the code');
  },
});
