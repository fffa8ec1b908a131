// What GraphiQL shows here, and how it asks. The key stays in the page's memory; see `storage`.
'use strict';

const DOCUMENT = `# Put your key into the Headers below.
#
# With a test key (dt_test_...) a simulator makes
# real small files, and no credit is spent.
# A live key (dt_live_...) spends credits.
#
# The button on the right asks which one to run.

# What there is to choose from.
query Providers {
  providers(type: IMAGE) {
    id
    name
    available
    models { name pricing { creditCost unit } }
  }
}

# An order: what to make is in the Variables.
# The answer comes at once, with an id.
mutation Generate($input: GenerateInput!) {
  generate(input: $input) {
    id
    status
    provider
    model
    creditCost
    estimatedTime
  }
}

# How it gets on: put the id into the Variables.
# Once COMPLETED, the url leads to the file.
query Status($id: ID!) {
  generation(id: $id) {
    status
    progress
    url
    outputs { mediaType width height }
    error { code message }
  }
}
`;

const VARIABLES = {
  input: { type: 'IMAGE', input: { text: 'a lighthouse at dusk' } },
  id: 'gen_...',
};

/** What every further tab begins with. */
const ANOTHER = `{
  account {
    tier
    balance { available }
  }
}
`;

const HINT = 'Bearer dt_test_...';

/** A whole key: as long as there is none, asking for the schema could only be refused. */
const KEY = /^Bearer +dt_(live|test)_[A-Za-z0-9]{32}$/i;

const WITHOUT_KEY = {
  errors: [{ message: 'Put your key into the Headers; then documentation and completion are there, too.' }],
};

function keyIn(headers) {
  const [, value] = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'authorization') ?? [];
  return typeof value === 'string' && KEY.test(value) ? value : undefined;
}

async function ask(params, options) {
  if (params.operationName === 'IntrospectionQuery' && !keyIn(options?.headers)) return WITHOUT_KEY;
  const answer = await fetch(location.pathname, {
    method: 'POST',
    body: JSON.stringify(params),
    credentials: 'omit',
    headers: {
      Accept: 'application/graphql-response+json, application/json',
      'Content-Type': 'application/json',
      ...options?.headers,
    },
  });
  const text = await answer.text();
  try {
    return JSON.parse(text);
  } catch {
    return { errors: [{ message: `HTTP ${answer.status}: ${text.slice(0, 500)}` }] };
  }
}

/**
 * Where GraphiQL keeps tabs, history and settings: in the browser, but never a key. `shouldPersistHeaders` alone is not
 * enough, for the history keeps the headers all the same.
 */
const storage = {
  getItem: (name) => localStorage.getItem(name),
  setItem: (name, value) => localStorage.setItem(name, value.replace(/dt_(live|test)_[A-Za-z0-9]{8,}/g, 'dt_$1_...')),
  removeItem: (name) => localStorage.removeItem(name),
  clear: () => localStorage.clear(),
  get length() {
    return localStorage.length;
  },
};

/** What the first tab holds: what a link brings (/graphql?query=...&variables=...), or what a newcomer is shown. */
function opening() {
  const given = new URLSearchParams(location.search);
  if (given.get('query')) return { query: given.get('query'), variables: given.get('variables') ?? '' };
  const returning = localStorage.getItem('graphiql:tabState') !== null;
  return returning ? {} : { query: DOCUMENT, variables: JSON.stringify(VARIABLES, null, 2) };
}

// Once: GraphiQL would write it over what was typed if it changed.
const OPENING = opening();

function Page() {
  const { createElement, useCallback, useMemo, useState } = React;
  const [key, setKey] = useState();
  // GraphiQL loads the schema anew whenever it is given another function to ask with.
  const fetcher = useMemo(() => (params, options) => ask(params, options), [key]);
  const onEditHeaders = useCallback((text) => {
    try {
      setKey((known) => keyIn(JSON.parse(text)) ?? known);
    } catch {
      // Half typed.
    }
  }, []);
  return createElement(
    GraphiQL,
    {
      ...OPENING,
      fetcher,
      storage,
      onEditHeaders,
      defaultQuery: ANOTHER,
      defaultHeaders: JSON.stringify({ Authorization: key ?? HINT }, null, 2),
      defaultEditorToolsVisibility: 'headers',
      isHeadersEditorEnabled: true,
      shouldPersistHeaders: false,
      showPersistHeadersSettings: false,
    },
    createElement(GraphiQL.Logo, null, createElement('span', { className: 'doitong' }, 'Doitong')),
  );
}

ReactDOM.createRoot(document.getElementById('graphiql')).render(React.createElement(Page));
