// The audits of GraphQL over HTTP: npm package graphql-http.

import { auditServer } from 'graphql-http';
import { check, endpoint, run, testKey } from './common.mjs';

/** As many as this version of the package has. */
const AUDITS = 61;

const fetchFn = (url, init = {}) => {
  const headers = new Headers(init.headers);
  headers.set('Authorization', `Bearer ${testKey}`);
  return fetch(url, { ...init, headers });
};

const results = await auditServer({ url: endpoint, fetchFn });
check(results.length === AUDITS, `${results.length} audits ran, not ${AUDITS}`);
await run(Object.fromEntries(results.map((result) => [
  `${result.id} ${result.name}`,
  () => check(result.status === 'ok', `${result.status}: ${result.reason}`),
])));
