// The page's JavaScript class and its usage examples: order, wait, download.

import { check, download, liveKey, rejected, run, same, sample, testKey, unique } from './common.mjs';

const AsyncFunction = (async () => {}).constructor;

/** The page's class, and its usage examples: they share names, so each has to run on its own. */
async function page(key) {
  const [definition, usage] = (await sample('client.js', key)).split('// Usage examples\n');
  const [begin, anyVideo, minimaxVideo, image, wait] = usage.split('\n\n');
  const DoitongAPI = new Function(`${definition}; return DoitongAPI;`)();
  const complete = (...parts) => new AsyncFunction([definition, begin, ...parts, 'return result;'].join('\n'))();
  return { DoitongAPI, anyVideo, minimaxVideo, image, wait, complete };
}

async function usage(pick, key) {
  const parts = await page(key);
  const order = pick(parts);
  // The page waits for `video` alone.
  const wait = order.includes('const image') ? parts.wait.replaceAll('video.id', 'image.id') : parts.wait;
  const result = await parts.complete(order, wait);
  same([result.status, result.progress, result.error], ['COMPLETED', 100, null], 'the result');
  await download(result.url);
}

async function order(key, input) {
  const { DoitongAPI } = await page(key);
  const api = new DoitongAPI(key);
  const generation = await api.generate(input);
  same([generation.type, generation.provider, generation.error], [input.type, input.provider, null], 'the order');
  check(['QUEUED', 'PROCESSING'].includes(generation.status) && generation.creditCost > 0, JSON.stringify(generation));
  const result = await api.waitForCompletion(generation.id);
  check((await download(result.url)).length > 500, 'the file is empty');
}

const orders = {
  flux: { type: 'IMAGE', provider: 'flux-ultra', input: { text: unique('a lighthouse') }, options: { aspectRatio: '16:9' } },
  kling: { type: 'VIDEO', provider: 'kling', input: { text: unique('a steam train') }, options: { duration: 5, mode: 'std' } },
  elevenlabs: { type: 'AUDIO', provider: 'elevenlabs', input: { text: unique('Good evening.') }, options: { voice: 'rachel' } },
};

const cases = {
  'a failed generation rejects with its message': async () => {
    const { DoitongAPI } = await page(testKey);
    const api = new DoitongAPI(testKey);
    const { id } = await api.generate({ type: 'IMAGE', input: { text: 'no [fail:moderation]' } });
    const { message } = await rejected(api.waitForCompletion(id));
    check(message && message !== 'Generation failed', `the message is ${message}`);
  },
  'a bad order rejects with a message': async () => {
    const { DoitongAPI } = await page(testKey);
    const { message } = await rejected(new DoitongAPI(testKey).generate({ type: 'IMAGE', input: { text: ' ' } }));
    check(/text/.test(message), `the message is ${message}`);
  },
  'a wrong key rejects with a message': async () => {
    const { DoitongAPI } = await page('wrong');
    const { message } = await rejected(new DoitongAPI('wrong').generate(orders.flux));
    check(/key/.test(message), `the message is ${message}`);
  },
};
const usages = {
  'usage: a video, provider chosen by us': (parts) => parts.anyVideo,
  'usage: a video of minimax with options': (parts) => parts.minimaxVideo,
  'usage: an image for quality': (parts) => parts.image,
};
for (const [name, pick] of Object.entries(usages)) {
  cases[`${name}, with a test key`] = () => usage(pick, testKey);
  cases[`${name}, with a live key`] = () => usage(pick, liveKey);
}
for (const [name, input] of Object.entries(orders)) {
  cases[`${name} with a test key`] = () => order(testKey, input);
  cases[`${name} with a live key`] = () => order(liveKey, input);
}
await run(cases);
