// Drives a published client of Luma, unmodified, against the simulator.
//
// Usage: node luma_check.mjs http://127.0.0.1:8090/luma
// Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.

import assert from 'node:assert/strict';
import { createLuma } from '@ai-sdk/luma';
import { generateImage } from 'ai';

const base = process.argv[2]?.replace(/\/$/, '');
if (!base) {
  console.log('usage: node luma_check.mjs http://127.0.0.1:8090/luma');
  process.exit(2);
}

function generate(model, options = {}, apiKey = 'sim-luma-key', prompt = 'a red door in a white wall') {
  const { aspectRatio, ...luma } = options;
  return generateImage({
    model: createLuma({ apiKey, baseURL: base }).image(model),
    prompt,
    aspectRatio,
    maxRetries: 0,
    providerOptions: { luma: { pollIntervalMillis: 100, ...luma } },
  });
}

const checks = {
  'text becomes a picture': async () => {
    const { image } = await generate('photon-1', { aspectRatio: '16:9' });
    assert.equal(image.mediaType, 'image/jpeg');
    const png = await generate('photon-flash-1', { format: 'png' });
    assert.equal(png.image.mediaType, 'image/png');
  },
  'a failed task is told': async () => {
    await assert.rejects(generate('photon-1', {}, undefined, '[luma:fail]'), /Image generation failed/);
  },
  'a wrong field is refused in the form that the client reads': async () => {
    await assert.rejects(generate('photon-9'), /Input should be 'photon-1' or 'photon-flash-1'/);
    await assert.rejects(generate('photon-1', { aspectRatio: '2:1' }), /Input should be '1:1'/);
  },
  'a wrong key is refused': async () => {
    await assert.rejects(generate('photon-1', {}, 'wrong'), (error) => error.statusCode === 401);
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
