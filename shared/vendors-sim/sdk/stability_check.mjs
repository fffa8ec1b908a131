// Drives a published client of Stability, unmodified, against the simulator. The vendor itself publishes none of this API.
//
// Usage: node stability_check.mjs http://127.0.0.1:8090/stability
// Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.

import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import StabilityAI from 'stability-ai';

const base = process.argv[2]?.replace(/\/$/, '');
if (!base) {
  console.log('usage: node stability_check.mjs http://127.0.0.1:8090/stability');
  process.exit(2);
}

// The client knows one host alone, so its own HTTP library is told where that is.
const require = createRequire(createRequire(import.meta.url).resolve('stability-ai'));
require('axios').interceptors.request.use((request) => {
  request.url = request.url.replace('https://api.stability.ai', base);
  return request;
});

const prompt = 'a red door in a white wall';
const Client = StabilityAI.default ?? StabilityAI;
const client = new Client('sim-stability-key');
const image = client.v2beta.stableImage.generate;

/** What was made, as a file and as the client tells of it. */
async function made(result) {
  const told = await result;
  const file = await readFile(told.filepath);
  await rm(told.filepath);
  return { ...told, file };
}

/** Width and height of a PNG file. */
function sizeOfPng(file) {
  assert.equal(file.subarray(1, 4).toString(), 'PNG');
  return [file.readUInt32BE(16), file.readUInt32BE(20)];
}

const checks = {
  'ultra, core and the models of sd3 make pictures from text': async () => {
    const ultra = await made(image.ultra(prompt, { aspectRatio: '16:9', seed: 42 }));
    assert.deepEqual([sizeOfPng(ultra.file), ultra.seed, ultra.contentFiltered], [[1344, 768], 42, false]);
    const core = await made(image.core(prompt, { negativePrompt: 'rain', outputFormat: 'jpeg' }));
    assert.equal(core.file.subarray(0, 2).toString('hex'), 'ffd8');
    for (const model of ['sd3.5-large', 'sd3.5-large-turbo', 'sd3.5-medium', 'sd3.5-flash']) {
      const { file } = await made(image.sd3(prompt, { model, aspectRatio: '1:1' }));
      assert.deepEqual(sizeOfPng(file), [1024, 1024]);
    }
  },
  'a picture is made from a picture': async () => {
    const { filepath } = await image.ultra(prompt, { aspectRatio: '9:16' });
    const options = { mode: 'image-to-image', image: filepath, strength: 0.5, model: 'sd3.5-medium' };
    const { file } = await made(image.sd3(prompt, options));
    assert.deepEqual(sizeOfPng(file), [768, 1344]);
  },
  'a blurred picture is told': async () => {
    const { contentFiltered } = await made(image.core(`${prompt} [stability:moderate-output]`));
    assert.equal(contentFiltered, true);
  },
  'the balance goes down': async () => {
    const before = (await client.v1.user.balance()).credits;
    await made(image.sd3(prompt, { model: 'sd3.5-large' }));
    assert.equal((await client.v1.user.balance()).credits, before - 6.5);
  },
  'refused calls raise the errors of the client': async () => {
    const name = (call) => call.then(() => 'nothing', (error) => error.name);
    assert.equal(await name(image.core(prompt, { aspectRatio: '4:3' })), 'StabilityAIInvalidRequestError');
    assert.equal(await name(new Client('wrong').v2beta.stableImage.generate.core(prompt)), 'StabilityAIUnauthorizedError');
    assert.equal(await name(image.core(`${prompt} [stability:moderate]`)), 'StabilityAIContentModerationError');
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
