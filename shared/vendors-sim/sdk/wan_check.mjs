// Drives a published client of Alibaba's Wan, unmodified, against the simulator.
//
// Usage: node wan_check.mjs http://127.0.0.1:8090/wan
// Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { createAlibaba } from '@ai-sdk/alibaba';

const base = process.argv[2]?.replace(/\/$/, '');
if (!base) {
  console.log('usage: node wan_check.mjs http://127.0.0.1:8090/wan');
  process.exit(2);
}

const FOX = 'https://example.com/fox.png';

function model(id, apiKey = 'sim-wan-key') {
  return createAlibaba({ apiKey, videoBaseURL: base }).video(id);
}

function order(prompt, more = {}) {
  const { alibaba, ...options } = more;
  return { prompt, n: 1, providerOptions: { alibaba: { pollIntervalMs: 100, pollTimeoutMs: 60000, ...alibaba } }, ...options };
}

/** A small grey picture. */
function png(side = 300) {
  const table = Array.from({ length: 256 }, (_, n) => {
    for (let bit = 0; bit < 8; bit += 1) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
    return n;
  });
  const sum = (bytes) => ~bytes.reduce((crc, byte) => table[(crc ^ byte) & 255] ^ (crc >>> 8), -1);
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    crc.writeInt32BE(sum(body));
    return Buffer.concat([length, body, crc]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head[8] = 8;
  const rows = Buffer.alloc(side * (side + 1), 0x80);
  for (let row = 0; row < side; row += 1) rows[row * (side + 1)] = 0;
  const start = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([start, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

/** Width, height and the metadata of a finished order, whose clip is fetched. */
async function clip({ videos, providerMetadata }) {
  assert.equal(videos.length, 1);
  const answer = await fetch(videos[0].url);
  assert.equal(answer.headers.get('content-type'), 'video/mp4');
  const file = Buffer.from(await answer.arrayBuffer());
  assert.equal(file.subarray(4, 8).toString(), 'ftyp');
  return providerMetadata.alibaba;
}

const checks = {
  'a clip from text, with its words': async () => {
    const prompt = `a red kite ${randomUUID()}`;
    const made = await model('wan2.6-t2v').doGenerate(
      order(prompt, { resolution: '1280x720', duration: 3, seed: 7, alibaba: { shotType: 'multi', promptExtend: true, watermark: false } }),
    );
    const { actualPrompt, usage } = await clip(made);
    assert.equal(actualPrompt, undefined);
    assert.deepEqual({ ...usage }, { duration: 3, outputVideoDuration: 3, inputVideoDuration: 0, resolution: 720, size: '1280*720' });
  },
  'a clip from a picture by its address': async () => {
    const image = { type: 'url', url: FOX, mediaType: 'image/png' };
    const made = await model('wan2.6-i2v').doGenerate(order('it runs', { image, resolution: '1280x720', duration: 2 }));
    assert.equal((await clip(made)).usage.resolution, 720);
  },
  'a clip from a picture in the request, and in silence': async () => {
    const image = { type: 'file', data: new Uint8Array(png()), mediaType: 'image/png' };
    const made = await model('wan2.6-i2v-flash').doGenerate(
      order('it wakes up', { image, resolution: '1280x720', duration: 2, alibaba: { audio: false } }),
    );
    assert.equal((await clip(made)).usage.outputVideoDuration, 2);
  },
  'a clip from references': async () => {
    const referenceUrls = [FOX, 'https://example.com/walk.mp4'];
    const alibaba = { referenceUrls, promptExtend: false, audio: true };
    const made = await model('wan2.6-r2v').doGenerate(
      order('character1 greets character2', { resolution: '960x960', duration: 2, alibaba }),
    );
    const { usage } = await clip(made);
    assert.equal(usage.duration, 7);
  },
  'a failed task is told': async () => {
    const failing = model('wan2.6-t2v').doGenerate(order(`[wan:fail] ${randomUUID()}`, { duration: 2 }));
    await assert.rejects(failing, /An internal error has occurred during algorithm execution/);
    const moderated = model('wan2.6-t2v').doGenerate(order(`[wan:moderate-output] ${randomUUID()}`, { duration: 2 }));
    await assert.rejects(moderated, /Output data may contain inappropriate content/);
  },
  'a wrong field is refused in the form that the client reads': async () => {
    await assert.rejects(model('wan2.6-t2v').doGenerate(order('a kite', { duration: 16 })), /duration 16 is not supported/);
    await assert.rejects(model('wan2.6-i2v').doGenerate(order('a kite')), /Field required: input.img_url/);
    await assert.rejects(model('wan2.6-r2v').doGenerate(order('a kite')), /Field required: input.reference_urls/);
    await assert.rejects(model('wan9-t2v').doGenerate(order('a kite')), (error) => error.statusCode === 404);
  },
  'a wrong key is refused': async () => {
    const stranger = model('wan2.6-t2v', 'sk-wrong').doGenerate(order('a kite'));
    await assert.rejects(stranger, (error) => error.statusCode === 401 && /Invalid API-key/.test(error.message));
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
