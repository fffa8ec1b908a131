// Drives a published client of Gemini, unmodified, against the simulator.
//
// Usage: node google_check.mjs http://127.0.0.1:8090/google
// Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { generateImage, generateText } from 'ai';

const base = process.argv[2]?.replace(/\/$/, '');
if (!base) {
  console.log('usage: node google_check.mjs http://127.0.0.1:8090/google');
  process.exit(2);
}

const KEY = 'sim-google-key';
const PICTURES = 'gemini-3.1-flash-image';
const CLIPS = 'gemini-omni-1.1-flash';

const client = (apiKey = KEY) => createGoogleGenerativeAI({ apiKey, baseURL: `${base}/v1beta` });

function picture(prompt, { apiKey, model = PICTURES, ...options } = {}) {
  return generateImage({ model: client(apiKey).image(model), prompt, maxRetries: 0, ...options });
}

/** A clip by the other dialect: started in the background, and asked for until it has ended. */
function clip(prompt, video = {}) {
  const format = { type: 'video', delivery: 'uri', duration: '3s', resolution: '360p', ...video };
  return generateText({
    model: client().interactions(CLIPS),
    prompt,
    maxRetries: 0,
    providerOptions: { google: { background: true, responseFormat: [format], pollingTimeoutMs: 60_000 } },
  });
}

const isClip = (file) => Buffer.from(file.subarray(4, 8)).toString() === 'ftyp';

const checks = {
  'text becomes a picture': async () => {
    const { image, warnings } = await picture('a red door in a white wall', { aspectRatio: '16:9' });
    assert.match(image.mediaType, /^image\/(png|jpeg)$/);
    assert.ok(image.uint8Array.length > 100);
    assert.deepEqual(warnings, []);
  },
  'a picture is changed': async () => {
    const { image } = await picture('a red door');
    const changed = await picture({ text: 'paint it blue', images: [image.uint8Array] });
    assert.ok(changed.image.uint8Array.length > 100);
  },
  'a picture comes beside words': async () => {
    const { files } = await generateText({
      model: client()(PICTURES),
      prompt: 'a red door',
      maxRetries: 0,
      providerOptions: { google: { responseModalities: ['TEXT', 'IMAGE'], imageConfig: { aspectRatio: '1:1', imageSize: '2K' } } },
    });
    assert.match(files[0].mediaType, /^image\//);
  },
  'text becomes a clip, started in the background': async () => {
    const { content, finishReason } = await clip('a red kite', { aspectRatio: '9:16' });
    assert.equal(finishReason, 'stop');
    const { file, providerMetadata } = content.find((part) => part.type === 'file');
    assert.equal(file.mediaType, 'video/mp4');
    const answer = await fetch(providerMetadata.google.videoUri, { headers: { 'x-goog-api-key': KEY } });
    assert.ok(isClip(new Uint8Array(await answer.arrayBuffer())));
  },
  'a clip comes inside its answer': async () => {
    const { files } = await clip('a red kite', { delivery: 'inline' });
    assert.ok(isClip(files[0].uint8Array));
  },
  'a clip that could not be made, and one that may not be, are told': async () => {
    assert.equal((await clip('[vendor:fail]')).finishReason, 'error');
    const { files, text } = await clip('[vendor:moderate-output]');
    assert.equal(files.length, 0);
    assert.match(text, /can't/);
  },
  'a wrong order is told with its status': async () => {
    const refused = (statusCode) => (error) => {
      assert.equal(error.statusCode, statusCode, `${error}`);
      return true;
    };
    await assert.rejects(picture('a red door', { model: 'gemini-3-pro-image', aspectRatio: '1:8' }), refused(400));
    await assert.rejects(picture('a red door', { model: 'gemini-9-image' }), refused(404));
    await assert.rejects(picture('a red door', { model: 'imagen-4.0-generate-001' }), refused(404));
    await assert.rejects(picture('a red door', { apiKey: 'wrong' }), refused(400));
    await assert.rejects(picture(`${randomUUID()} [vendor:busy]`), refused(429));
  },
  'content that the rules forbid brings no picture': async () => {
    await assert.rejects(picture('[vendor:moderate]'), { name: 'AI_NoImageGeneratedError' });
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
