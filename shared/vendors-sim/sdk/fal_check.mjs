// Drives the vendor's own client and a published one, unmodified, against the simulator.
//
// Usage: node fal_check.mjs http://127.0.0.1:8090/fal
// Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.

import assert from 'node:assert/strict';
import { createFal } from '@ai-sdk/fal';
import { ApiError, ValidationError, createFalClient } from '@fal-ai/client';
import { generateImage } from 'ai';

const base = process.argv[2]?.replace(/\/$/, '');
if (!base) {
  console.log('usage: node fal_check.mjs http://127.0.0.1:8090/fal');
  process.exit(2);
}

const prompt = 'a red door in a white wall';

/** The address of the vendor's host, or of its synchronous twin, at the simulator. */
function here(url) {
  return String(url).replace('https://queue.fal.run', base).replace('https://fal.run', `${base}/run`);
}

function client(credentials = 'sim-fal-key') {
  const requestMiddleware = async (request) => ({ ...request, url: here(request.url) });
  return createFalClient({ credentials, requestMiddleware });
}

/** Speaks with the simulator as if it were the vendor's host: the AI SDK keeps the key from any other. */
async function asTheVendor(url, options) {
  const answer = await fetch(here(url), options);
  if (!answer.headers.get('content-type')?.includes('json')) return answer;
  const text = (await answer.text()).replaceAll(base, 'https://queue.fal.run');
  return new Response(text, { status: answer.status, headers: { 'content-type': 'application/json' } });
}

function provider(apiKey = 'sim-fal-key') {
  return createFal({ apiKey, fetch: asTheVendor });
}

function generate(model, { fal = {}, ...options }, apiKey) {
  return generateImage({ model: provider(apiKey).image(model), prompt, maxRetries: 0, providerOptions: { fal }, ...options });
}

/** Width and height of a PNG file. */
function sizeOfPng(bytes) {
  const file = Buffer.from(bytes);
  assert.equal(file.subarray(1, 4).toString(), 'PNG');
  return [file.readUInt32BE(16), file.readUInt32BE(20)];
}

async function fetched(url) {
  const answer = await fetch(url);
  assert.equal(answer.status, 200);
  return new Uint8Array(await answer.arrayBuffer());
}

const checks = {
  'subscribe makes pictures and tells how they stand': async () => {
    const seen = [];
    const { data, requestId } = await client().subscribe('fal-ai/flux/dev', {
      input: { prompt, image_size: { width: 640, height: 480 }, num_images: 2, output_format: 'png', seed: 7 },
      pollInterval: 50,
      logs: true,
      storageSettings: { expiresIn: '1d' },
      onQueueUpdate: (status) => seen.push(status.status),
    });
    assert.ok(requestId);
    assert.equal(seen.at(-1), 'COMPLETED');
    assert.equal(data.seed, 7);
    for (const image of data.images) assert.deepEqual(sizeOfPng(await fetched(image.url)), [640, 480]);
  },
  'submit, status and result by the id of a request': async () => {
    const fal = client();
    const model = 'fal-ai/flux-pro/v1.1-ultra';
    const submitted = await fal.queue.submit(model, { input: { prompt, aspect_ratio: '1:1' }, priority: 'low', startTimeout: 60 });
    assert.equal(submitted.status, 'IN_QUEUE');
    await fal.queue.subscribeToStatus(model, { requestId: submitted.request_id, pollInterval: 50 });
    const { data, requestId } = await fal.queue.result(model, { requestId: submitted.request_id });
    assert.deepEqual([requestId, data.images[0].width], [submitted.request_id, 2048]);
  },
  'a clip from a picture': async () => {
    const picture = await client().run('fal-ai/flux/schnell', { input: { prompt, image_size: 'square' } });
    const input = { prompt, image_url: picture.data.images[0].url, duration: '4s' };
    const { data } = await client().subscribe('fal-ai/veo3.1/image-to-video', { input, pollInterval: 100 });
    assert.equal(Buffer.from(await fetched(data.video.url)).subarray(4, 8).toString(), 'ftyp');
  },
  'bad input is a ValidationError that names the field': async () => {
    const error = await client().subscribe('fal-ai/flux/dev', { input: { prompt, num_images: 9 }, pollInterval: 50 }).catch((error) => error);
    assert.ok(error instanceof ValidationError, String(error));
    assert.equal(error.getFieldErrors('num_images')[0].type, 'less_than_equal');
    assert.ok(error.requestId);
  },
  'a wrong key is an ApiError': async () => {
    const error = await client('wrong').queue.submit('fal-ai/flux/dev', { input: { prompt } }).catch((error) => error);
    assert.ok(error instanceof ApiError && !(error instanceof ValidationError), String(error));
    assert.equal(error.status, 401);
  },
  'a request at work hears the wish to stop, one that is over does not': async () => {
    const fal = client();
    const model = 'fal-ai/flux/dev';
    const hanging = await fal.queue.submit(model, { input: { prompt: `${prompt} [fal:hang]` } });
    await fal.queue.cancel(model, { requestId: hanging.request_id });
    const { requestId } = await fal.subscribe(model, { input: { prompt }, pollInterval: 50 });
    const error = await fal.queue.cancel(model, { requestId }).catch((error) => error);
    assert.deepEqual([error.status, error.body], [400, { status: 'ALREADY_COMPLETED' }]);
  },
  'the AI SDK makes a picture of the size that was asked for': async () => {
    const { image, providerMetadata } = await generate('fal-ai/flux/dev', { size: '1024x512', fal: { outputFormat: 'png' } });
    assert.deepEqual(sizeOfPng(image.uint8Array), [1024, 512]);
    assert.equal(providerMetadata.fal.images[0].nsfw, false);
  },
  'the AI SDK tells of blacked out pictures': async () => {
    const { providerMetadata } = await generate('fal-ai/flux/dev', { prompt: `${prompt} [fal:moderate-output]` });
    assert.equal(providerMetadata.fal.images[0].nsfw, true);
  },
  'the AI SDK makes a clip': async () => {
    // The model alone: what is around it downloads from no address on this machine.
    const model = provider().video('veo3.1');
    const fal = { pollIntervalMs: 100, resolution: '720p' };
    const { videos } = await model.doGenerate({ prompt, n: 1, duration: 4, aspectRatio: '9:16', providerOptions: { fal } });
    assert.equal(videos[0].mediaType, 'video/mp4');
    assert.equal(Buffer.from(await fetched(here(videos[0].url))).subarray(4, 8).toString(), 'ftyp');
  },
  'the AI SDK names a bad field and refuses a wrong key': async () => {
    await assert.rejects(generate('fal-ai/flux/dev', { fal: { outputFormat: 'png', acceleration: 'high', numInferenceSteps: 50, seed: -1 } }), /body.seed: Input should be greater/);
    await assert.rejects(generate('fal-ai/flux/dev', {}, 'wrong'));
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}: ${error}`);
  }
}
console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
