// Drives a published client of BFL, unmodified, against the simulator.
//
// Usage: node bfl_check.mjs http://127.0.0.1:8090/bfl
// Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.

import assert from 'node:assert/strict';
import { createBlackForestLabs } from '@ai-sdk/black-forest-labs';
import { generateImage } from 'ai';

const base = process.argv[2]?.replace(/\/$/, '');
if (!base) {
  console.log('usage: node bfl_check.mjs http://127.0.0.1:8090/bfl');
  process.exit(2);
}

function provider(apiKey) {
  return createBlackForestLabs({ apiKey, baseURL: `${base}/v1`, pollIntervalMillis: 100 });
}

function generate(model, options, apiKey = 'sim-bfl-key') {
  const { aspectRatio, images, ...blackForestLabs } = options;
  const text = 'a red door in a white wall';
  return generateImage({
    model: provider(apiKey).image(model),
    prompt: images ? { text, images } : text,
    aspectRatio,
    maxRetries: 0,
    providerOptions: { blackForestLabs },
  });
}

/** Width and height of a PNG file. */
function sizeOfPng(bytes) {
  const file = Buffer.from(bytes);
  assert.equal(file.subarray(1, 4).toString(), 'PNG');
  return [file.readUInt32BE(16), file.readUInt32BE(20)];
}

const checks = {
  'a picture has the size that was asked for': async () => {
    const { image, providerMetadata } = await generate('flux-pro-1.1', { width: 1344, height: 768, outputFormat: 'png' });
    assert.deepEqual(sizeOfPng(image.uint8Array), [1344, 768]);
    assert.equal(providerMetadata.blackForestLabs.images[0].cost, 4);
  },
  'an aspect ratio decides on the size': async () => {
    const ultra = await generate('flux-pro-1.1-ultra', { aspectRatio: '21:9', outputFormat: 'png' });
    assert.deepEqual(sizeOfPng(ultra.image.uint8Array), [3136, 1344]);
    const kontext = await generate('flux-kontext-pro', { aspectRatio: '16:9' });
    assert.deepEqual(sizeOfPng(kontext.image.uint8Array), [1392, 752]);
  },
  'a picture is JPEG by default': async () => {
    const { image } = await generate('flux-2-pro', {});
    assert.equal(image.mediaType, 'image/jpeg');
  },
  'pictures are made from pictures': async () => {
    const { image: first } = await generate('flux-dev', { width: 512, height: 256, outputFormat: 'png' });
    const inspired = await generate('flux-pro-1.1-ultra', { imagePrompt: first.base64, imagePromptStrength: 0.4 });
    assert.equal(inspired.image.mediaType, 'image/jpeg');
    const images = [first.uint8Array, first.uint8Array];
    const edited = await generate('flux-kontext-max', { images, outputFormat: 'png' });
    assert.deepEqual(sizeOfPng(edited.image.uint8Array), [1456, 720]);
    const { providerMetadata } = await generate('flux-2-max', { images });
    assert.equal(providerMetadata.blackForestLabs.images[0].inputMegapixels, 0.26);
    await assert.rejects(generate('flux-pro-1.1', { imagePrompt: 'https://example.com/a.png' }), /invalid image/);
  },
  'the second generation has its sizes, prices and settings': async () => {
    for (const [model, options, cost] of [
      ['flux-2-klein-4b', {}, 1.4],
      ['flux-2-klein-9b', {}, 1.5],
      ['flux-2-pro', {}, 3],
      ['flux-2-flex', { steps: 20, guidance: 4.5, promptUpsampling: false }, 5],
      ['flux-2-max', {}, 7],
    ]) {
      const made = await generate(model, { width: 1360, height: 768, outputFormat: 'png', ...options });
      assert.deepEqual(sizeOfPng(made.image.uint8Array), [1360, 768]);
      assert.equal(made.providerMetadata.blackForestLabs.images[0].cost, cost, model);
    }
    await assert.rejects(generate('flux-2-pro', { width: 1000, height: 768 }), /multiple of 16/);
    await assert.rejects(generate('flux-2-flex', { steps: 51 }), /./);
  },
  'what moderation does not like is an error': async () => {
    for (const word of ['moderate', 'moderate-output', 'fail']) {
      const model = provider('sim-bfl-key').image('flux-dev');
      await assert.rejects(generateImage({ model, prompt: `[bfl:${word}] a door`, maxRetries: 0 }), /./, word);
    }
  },
  'a wrong field is refused with its name': async () => {
    await assert.rejects(generate('flux-dev', { width: 300, height: 512 }), /multiple of 32/);
  },
  'a wrong key is refused': async () => {
    await assert.rejects(generate('flux-dev', {}, 'wrong'), /Not authenticated/);
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
