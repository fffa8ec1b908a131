// What the programs in this folder share: where the service is, the page's samples, counting.

import { readFile } from 'node:fs/promises';

export const endpoint = setting('DOITONG_ENDPOINT');
export const testKey = setting('DOITONG_TEST_KEY');
export const liveKey = setting('DOITONG_LIVE_KEY');

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
