// What the programs in this folder share: where the service is, the page's samples, counting.

import { readFile } from 'node:fs/promises';

export const endpoint = setting('DOITONG_ENDPOINT');
export const testKey = setting('DOITONG_TEST_KEY');
export const liveKey = setting('DOITONG_LIVE_KEY');

/** Longest that a program waits for a generation, in seconds. */
const PATIENCE = 120;

/** A sample as it is published, with host and key replaced and nothing else. */
export async function sample(name, key) {
  const text = await readFile(new URL(`page/${name}`, import.meta.url), 'utf8');
  const [host, placeholder] = ['https://api.doitong.com/graphql', 'YOUR_API_KEY'];
  check(text.includes(host) && text.includes(placeholder), `${name} names neither host nor key`);
  return text.replaceAll(host, endpoint).replaceAll(placeholder, key);
}

/** Runs cases (name to async function) beside each other, prints how each went, and a closing line. */
export async function run(cases) {
  const outcomes = await Promise.all(Object.entries(cases).map(async ([name, task]) => {
    try {
      await task();
      console.log(`ok      ${name}`);
      return true;
    } catch (error) {
      console.log(`FAILED  ${name}: ${error.stack ?? error}`);
      return false;
    }
  }));
  const passed = outcomes.filter(Boolean).length;
  const failed = outcomes.length - passed;
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = passed > 0 && failed === 0 ? 0 : 1;
}

export function check(condition, complaint) {
  if (!condition) throw new Error(complaint);
}

export function same(actual, expected, what) {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  check(left === right, `${what} is ${left}, not ${right}`);
}

/** Fails unless the promise is rejected; the error it was rejected with. */
export async function rejected(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it succeeded, but should not have');
}

/** How files of a format begin. */
const BEGINNINGS = {
  png: /^\x89PNG/,
  jpg: /^\xff\xd8\xff/,
  webp: /^RIFF....WEBP/s,
  mp4: /^....ftyp/s,
  mp3: /^(ID3|\xff[\xe0-\xff])/,
  wav: /^RIFF....WAVE/s,
};

/** Downloads a result as a browser would; it has to be of the format that its name tells. */
export async function download(url) {
  const answer = await fetch(url);
  check(answer.ok, `${url} answered ${answer.status}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const format = new URL(url).pathname.split('.').pop();
  const head = bytes.subarray(0, 12).toString('latin1');
  check(BEGINNINGS[format]?.test(head), `${url} begins with ${JSON.stringify(head)}`);
  return bytes;
}

/** What the four mutations with flat inputs make, by the word that each begins with. */
export const FLAT_ORDERS = {
  video: { prompt: 'Beautiful sunset over ocean', model: 'luma', duration: 9 },
  image: { prompt: 'a lighthouse', model: 'flux-ultra', aspectRatio: '16:9', seed: 42 },
  audio: { prompt: 'Good evening.', provider: 'elevenlabs', voice: 'rachel', speed: 1.0 },
  avatar: { prompt: 'Hello', provider: 'heygen', avatarId: 'kate', voice: 'professional_female' },
};

/** A flat mutation with a variable, aliases and fragments. The second dialect has leaves and lower-case statuses. */
export function flatMutation(kind, dialect) {
  const type = kind[0].toUpperCase() + kind.slice(1);
  const leaves = dialect === 'second' ? 'metadata error errorCode' : 'metadata { format width duration } error { code message }';
  const suffix = `${type}${dialect}`;
  return `mutation Make${suffix}($order: ${type}CreateInput!) { made: ${kind}Create(input: $order) { ...Payload${suffix} } }
    fragment Payload${suffix} on ${type}CreatePayload { id stands: status link: ${kind}Url generation { ...Made${suffix} } }
    fragment Made${suffix} on Generation { id ... on Generation { state: status type creditCost } ${leaves} }`;
}

/**
 * Makes one thing of a kind, with `mutate(kind, dialect, variables, headers)` of some client: ordered in the first dialect,
 * repeated under its idempotency key until it is there, told once more in the second dialect, downloaded.
 */
export async function makeFlat(kind, mutate) {
  const order = { ...FLAT_ORDERS[kind], prompt: unique(FLAT_ORDERS[kind].prompt) };
  const headers = { 'idempotency-key': crypto.randomUUID() };
  const made = await mutate(kind, 'first', { order }, headers);
  const type = kind.toUpperCase();
  check(['QUEUED', 'PROCESSING'].includes(made.stands) && made.link === null, JSON.stringify(made));
  same([made.generation.id, made.generation.type, made.generation.error], [made.id, type, null], 'what was accepted');
  let again = made;
  for (let round = 0; again.stands !== 'COMPLETED'; round++) {
    check(round < PATIENCE && !['FAILED', 'CANCELED'].includes(again.stands), `it stands so: ${JSON.stringify(again)}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    again = await mutate(kind, 'first', { order }, headers);
  }
  same([again.id, again.generation.state, again.generation.error], [made.id, 'COMPLETED', null], 'the end');
  const second = await mutate(kind, 'second', { order }, headers);
  const told = [second.id, second.generation.state, second.generation.error, second.generation.errorCode];
  same(told, [made.id, 'completed', null, null], 'the second dialect');
  same(second.generation.metadata.format, again.generation.metadata.format, 'metadata as a leaf');
  check((await download(again.link)).length > 500, 'the file is empty');
  return again;
}

/** Text that no other run has used. */
export function unique(text) {
  return `${text} ${crypto.randomUUID()}`;
}

function setting(name) {
  const value = process.env[name];
  if (!value) {
    console.error(`${name} is not set; README.md in this folder says how`);
    process.exit(2);
  }
  return value;
}
