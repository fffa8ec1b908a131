// Drives a published client of MiniMax's second dialect, unmodified, against the simulator.
//
// Usage: node minimax_check.mjs http://127.0.0.1:8090/minimax
// Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.

import assert from 'node:assert/strict';
import { createMiniMax } from '@ai-sdk/minimax';

const base = process.argv[2]?.replace(/\/$/, '');
if (!base) {
  console.log('usage: node minimax_check.mjs http://127.0.0.1:8090/minimax');
  process.exit(2);
}

function model(id = 'MiniMax-H3', apiKey = 'sim-minimax-key') {
  return createMiniMax({ apiKey, videoBaseURL: base }).video(id);
}

function order(prompt, more = {}) {
  const { minimax, ...options } = more;
  return { prompt, n: 1, providerOptions: { minimax: { resolution: '768P', pollIntervalMs: 100, ...minimax } }, ...options };
}

const url = (name, mediaType) => ({ type: 'url', url: `https://example.com/${name}`, mediaType });

/** The clip of a finished order. */
async function clip({ videos }) {
  assert.equal(videos.length, 1);
  const answer = await fetch(videos[0].url);
  assert.equal(answer.headers.get('content-type'), 'video/mp4');
  const file = Buffer.from(await answer.arrayBuffer());
  assert.equal(file.subarray(4, 8).toString(), 'ftyp');
  return file;
}

const checks = {
  'a clip from text': async () => {
    const made = await model().doGenerate(order('a red kite', { duration: 6, aspectRatio: '9:16' }));
    await clip(made);
    const { usage, ratio, resolution, duration } = made.providerMetadata.minimax;
    assert.deepEqual({ ratio, resolution, duration }, { ratio: '9:16', resolution: '768P', duration: 6 });
    assert.deepEqual(usage, { totalSeconds: 6, inputSeconds: 0, outputSeconds: 6 });
  },
  'a clip from a picture, and from a first to a last': async () => {
    const first = url('a.png', 'image/png');
    await clip(await model().doGenerate(order('she smiles', { image: first, duration: 4 })));
    const frameImages = [
      { frameType: 'first_frame', image: first },
      { frameType: 'last_frame', image: url('b.png', 'image/png') },
    ];
    await clip(await model('MiniMax-H3-Max').doGenerate(order('she turns', { frameImages, duration: 5 })));
  },
  'a clip from references of every kind': async () => {
    const inputReferences = [url('a.png', 'image/png'), url('v.mp4', 'video/mp4')];
    const minimax = { referenceAudioUrls: ['https://example.com/s.mp3'] };
    const made = await model().doGenerate(order('dance', { inputReferences, minimax, duration: 4 }));
    await clip(made);
    assert.equal(made.providerMetadata.minimax.resolvedInputs.imageCount, 1);
  },
  'an order is started and looked at': async () => {
    const started = await model().doStart(order('[vendor:hang]', { duration: 4 }));
    const { status } = await model().doStatus({ operation: started.operation });
    assert.equal(status, 'pending');
  },
  'a failure is told with its code': async () => {
    for (const [word, code] of [['fail', '1000'], ['moderate-output', '1027']]) {
      await assert.rejects(model().doGenerate(order(`[vendor:${word}]`)), {
        name: 'MINIMAX_VIDEO_GENERATION_FAILED',
        message: new RegExp(`\\(${code}\\)`),
      });
    }
  },
  'a refused order is told with its status': async () => {
    const refusals = [
      [422, '[vendor:moderate]', /\(1026\)/],
      [429, `${crypto.randomUUID()} [vendor:busy]`, /\(1002\)/],
      [402, `${crypto.randomUUID()} [vendor:no-credit]`, /\(1008\)/],
      [400, 'a'.repeat(7001), /text is too long \(2013\)/],
    ];
    for (const [statusCode, prompt, message] of refusals) {
      await assert.rejects(model().doStart(order(prompt)), { name: 'AI_APICallError', statusCode, message });
    }
  },
  'a wrong key is refused': async () => {
    const expected = { name: 'AI_APICallError', statusCode: 401, isRetryable: false };
    await assert.rejects(model('MiniMax-H3', 'wrong').doStart(order('a fox')), expected);
  },
  'an unknown task is told so': async () => {
    const operation = { taskId: '1', resolvedInputs: { imageCount: 0, referenceVideoIndices: [] } };
    await assert.rejects(model().doStatus({ operation }), { statusCode: 400, message: /invalid task_id/ });
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
