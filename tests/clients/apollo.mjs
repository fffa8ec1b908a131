// Apollo Client 3 and 4, built with a link and a cache. Its cache adds `__typename` to every selection set.

import * as four from '@apollo/client';
import * as three from 'apollo-client-3/core/index.js';
import { check, download, endpoint, FLAT_ORDERS, flatMutation, makeFlat, rejected, run, same, testKey, unique } from './common.mjs';

function client({ ApolloClient, HttpLink, InMemoryCache }, key) {
  return new ApolloClient({
    link: new HttpLink({ uri: endpoint, headers: { authorization: `Bearer ${key}` } }),
    cache: new InMemoryCache(),
  });
}

async function until(apollo, query, id) {
  for (;;) {
    const { data } = await apollo.query({ query, variables: { id }, fetchPolicy: 'network-only' });
    if (['COMPLETED', 'FAILED', 'CANCELED'].includes(data.generation.status)) return data.generation;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

function cases(version, apollo) {
  const { gql } = apollo;
  const providers = gql`query Providers($type: GenerationType) {
    providers(type: $type) { id name types pricing { creditCost unit } models { name pricing { creditCost } } options { name default } }
  }`;
  const generate = gql`mutation Generate($input: GenerateInput!) {
    generate(input: $input) { id status type provider creditCost metadata { format } error { code } routing { candidates { provider model } } }
  }`;
  const generation = gql`query Generation($id: ID!) {
    generation(id: $id) { id status progress url metadata { width height format } outputs { url mediaType bytes } error { code message } }
  }`;
  // The leaves of the page's second dialect, as its JavaScript class and its Python class select them.
  const leaves = gql`query Leaves($id: ID!) { generation(id: $id) { id status metadata error errorCode } }`;
  // A client for each answer: a cache that has `error` as an object would complain of it as a leaf.
  const mutate = async (kind, dialect, variables, headers) => {
    const mutation = gql(flatMutation(kind, dialect));
    const { data } = await client(apollo, testKey).mutate({ mutation, variables, context: { headers } });
    return data.made;
  };
  const flat = Object.keys(FLAT_ORDERS).map((kind) => [`${version}: ${kind}Create to the file`, async () => {
    const { __typename, generation } = await makeFlat(kind, mutate);
    const types = [__typename.toLowerCase(), generation.__typename, generation.metadata.__typename];
    same(types, [`${kind}createpayload`, 'Generation', 'Metadata'], 'the type names');
  }]);
  return {
    ...Object.fromEntries(flat),
    [`${version}: a query`]: async () => {
      const { data } = await client(apollo, testKey).query({ query: providers, variables: { type: 'IMAGE' } });
      check(data.providers.length > 3, 'hardly any providers');
      for (const provider of data.providers) {
        same([provider.__typename, provider.pricing.__typename], ['Provider', 'Pricing'], 'the type names');
        check(provider.models.every((model) => model.__typename === 'Model'), JSON.stringify(provider.models));
        check(provider.options.every((option) => option.__typename === 'ProviderOption'), JSON.stringify(provider.options));
      }
    },
    [`${version}: a mutation, and queries until it is done`]: async () => {
      const own = client(apollo, testKey);
      const input = { type: 'IMAGE', input: { text: unique('a quiet harbour') } };
      const { data } = await own.mutate({ mutation: generate, variables: { input } });
      const accepted = data.generate;
      same([accepted.__typename, accepted.type, accepted.routing.__typename], ['Generation', 'IMAGE', 'Routing'], 'what was accepted');
      const done = await until(own, generation, accepted.id);
      same([done.status, done.metadata.__typename, done.outputs[0].__typename, done.error], ['COMPLETED', 'Metadata', 'Output', null], 'the end');
      await download(done.url);
      // The cache took the answers to the mutation and to the queries for the same thing.
      const fragment = gql`fragment Kept on Generation { id status provider }`;
      const kept = own.readFragment({ id: `Generation:${accepted.id}`, fragment });
      same([kept.status, kept.provider], ['COMPLETED', accepted.provider], 'what the cache keeps');
      const other = await client(apollo, testKey).query({ query: leaves, variables: { id: accepted.id } });
      same([other.data.generation.status, other.data.generation.error], ['completed', null], 'the second dialect');
      same(other.data.generation.metadata.format, done.metadata.format, 'metadata as a leaf');
    },
    [`${version}: an error's code reaches the caller`]: async () => {
      const id = 'gen_00000000000000000000000000';
      const error = await rejected(client(apollo, testKey).query({ query: generation, variables: { id } }));
      const errors = error.graphQLErrors ?? error.errors;
      same(errors?.map((each) => each.extensions.code), ['NOT_FOUND'], `the codes of ${error}`);
    },
    [`${version}: a wrong key is told`]: async () => {
      const error = await rejected(client(apollo, 'wrong').query({ query: providers }));
      check(/401|key/.test(`${error} ${JSON.stringify(error)}`), `it says ${error}`);
    },
  };
}

await run({ ...cases('Apollo Client 3', three), ...cases('Apollo Client 4', four) });
