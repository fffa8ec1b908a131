// Drives a published client of ModelArk, unmodified, against the simulator.
//
// Usage: node bytedance_check.mjs http://127.0.0.1:8090/bytedance
// Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.

import assert from 'node:assert/strict';
import { crc32, deflateSync } from 'node:zlib';
import { createByteDance } from '@ai-sdk/bytedance';
import { experimental_generateVideo as generateVideo, generateImage } from 'ai';

const base = process.argv[2]?.replace(/\/$/, '');
if (!base) {
  console.log('usage: node bytedance_check.mjs http://127.0.0.1:8090/bytedance');
  process.exit(2);
}

function provider(apiKey = 'sim-bytedance-key') {
  return createByteDance({ apiKey, baseURL: `${base}/api/v3` });
}

/** The library's own way to fetch a clip refuses this machine. */
async function download({ url }) {
  const answer = await fetch(url);
  assert.equal(answer.status, 200);
  return { data: new Uint8Array(await answer.arrayBuffer()), mediaType: answer.headers.get('content-type') };
}

async function clip(model, prompt, { bytedance, apiKey, ...options } = {}) {
  const made = await generateVideo({
    model: provider(apiKey).video(model),
    prompt,
    maxRetries: 0,
    download,
    providerOptions: { bytedance: { pollIntervalMs: 100, ...bytedance } },
    ...options,
  });
  assert.equal(Buffer.from(made.video.uint8Array).subarray(4, 8).toString(), 'ftyp');
  return made;
}

function picture(model, prompt, { bytedance, apiKey, ...options } = {}) {
  return generateImage({
    model: provider(apiKey).image(model),
    prompt,
    maxRetries: 0,
    providerOptions: { bytedance: bytedance ?? {} },
    ...options,
  });
}

const first = 'https://example.com/a.png';
const pro = 'seedance-1-0-pro-250528';

const checks = {
  'a clip from text': async () => {
    const made = await clip(pro, 'a kitten yawns', { aspectRatio: '16:9', duration: 5, resolution: '1248x704', seed: 11 });
    const { usage } = made.providerMetadata.bytedance;
    assert.equal(usage.completion_tokens, Math.floor((1248 * 704 * 121) / 1024));
  },
  'a clip from a first picture to a last': async () => {
    const bytedance = { lastFrameImage: 'https://example.com/b.png', watermark: false, generateAudio: false };
    await clip('seedance-1-5-pro-251215', { text: 'it turns', image: png(400, 400) }, { bytedance, duration: 4, resolution: '640x640' });
  },
  'a clip from references of every kind': async () => {
    const bytedance = {
      referenceImages: [first],
      referenceVideos: ['https://example.com/v.mp4'],
      referenceAudio: ['https://example.com/s.mp3'],
    };
    await clip('dreamina-seedance-2-0-260128', 'they dance', { bytedance, duration: 4, resolution: '864x496' });
  },
  'a failure is told': async () => {
    await assert.rejects(clip(pro, '[vendor:fail]'), /fail/i);
  },
  'a refused clip is told with its status': async () => {
    await assert.rejects(clip(pro, '[vendor:moderate]'), { statusCode: 400, message: /sensitive/ });
    await assert.rejects(clip(pro, 'a fox', { duration: 20 }), { statusCode: 400, message: /duration/ });
    await assert.rejects(clip(pro, 'a fox', { apiKey: 'wrong' }), { statusCode: 401 });
  },
  'a picture by its size, and a changed one': async () => {
    const made = await picture('seedream-4-5-251128', 'a paper crane', { size: '2848x1600' });
    assert.equal(made.image.mediaType, 'image/jpeg');
    const changed = await picture('seedream-4-0-250828', { text: 'in blue', images: [png(400, 300)] }, { bytedance: { size: '1K' } });
    assert.equal(changed.images.length, 1);
  },
  'a refused picture is told with its status': async () => {
    await assert.rejects(picture('seedream-4-5-251128', 'a fox', { size: '1024x1024' }), { statusCode: 400 });
    await assert.rejects(picture('seedream-4-5-251128', 'a fox', { apiKey: 'wrong' }), { statusCode: 401 });
  },
};

/** A grey picture in PNG. */
function png(width, height) {
  const chunk = (kind, content) => {
    const body = Buffer.concat([Buffer.from(kind), content]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(content.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  const rows = Buffer.alloc((width + 1) * height, 0x80);
  for (let row = 0; row < height; row += 1) rows[row * (width + 1)] = 0;
  const mark = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([mark, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

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
