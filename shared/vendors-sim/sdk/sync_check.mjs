// Drives the vendor's own SDK, unmodified, against the simulator.
//
// Usage: node sync_check.mjs http://127.0.0.1:8090/sync
// Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.

import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import sdk from '@sync.so/sdk';

const base = process.argv[2]?.replace(/\/$/, '');
if (!base) {
  console.log('usage: node sync_check.mjs http://127.0.0.1:8090/sync');
  process.exit(2);
}

const { SyncClient, Sync } = sdk;
const client = new SyncClient({ apiKey: 'sim-sync-key', baseUrl: base });
const clip = { type: 'video', url: 'https://example.com/fox.mp4' };
const recording = { type: 'audio', url: 'https://example.com/fox.wav' };
const say = (script) => ({
  type: 'text',
  provider: { name: 'elevenlabs', voiceId: 'EXAVITQu4vr4xnSDxMaL', script },
});
const order = (heard, more = {}) => ({ model: 'lipsync-2', input: [clip, heard], ...more });
const patient = { maxRetries: 0 };

async function end(id) {
  for (let looks = 0; looks < 300; looks += 1) {
    const told = await client.generations.get(id);
    if (!['PENDING', 'PROCESSING'].includes(told.status)) return told;
    await sleep(100);
  }
  throw new Error(`generation ${id} has not ended`);
}

async function film(body) {
  const made = await client.generations.create(body);
  assert.equal(made.status, 'PENDING');
  const done = await end(made.id);
  assert.equal(done.status, 'COMPLETED');
  const file = await fetch(done.outputUrl);
  assert.equal(file.headers.get('content-type'), 'video/mp4');
  return { done, bytes: Buffer.from(await file.arrayBuffer()) };
}

const checks = {
  'a clip speaks a recording and a script': async () => {
    const { done } = await film(order(recording, { model: 'lipsync-2-pro', options: { sync_mode: 'cut_off' } }));
    assert.deepEqual([done.model, done.options.sync_mode], ['lipsync-2-pro', 'cut_off']);
    await film(order(say('a fox crosses a snowy bridge')));
  },
  'a picture speaks': async () => {
    const picture = { type: 'image', url: 'https://example.com/fox.png' };
    await film({ model: 'sync-3', input: [picture, recording] });
  },
  'files come in a form, beside what has an address': async () => {
    const { bytes } = await film(order(say('one two three')));
    const file = new File([bytes], 'fox.mp4', { type: 'video/mp4' });
    const made = await client.generations.createWithFiles(file, undefined, {
      model: 'lipsync-2',
      input: [recording],
      options: { sync_mode: 'remap' },
    });
    assert.equal((await end(made.id)).status, 'COMPLETED');
  },
  'an order that is sent again with its key is the same generation': async () => {
    const headers = { 'Idempotency-Key': `gen_${randomUUID()}` };
    const body = order(say('a fox, once'));
    const [first, second] = [
      await client.generations.create(body, { headers }),
      await client.generations.create(body, { headers }),
    ];
    assert.equal(first.id, second.id);
    await assert.rejects(
      client.generations.create(order(say('another')), { headers }),
      (error) => error.statusCode === 409 && error.body.errorCode.startsWith('IDEMPOTENCY_'),
    );
  },
  'callbacks pass the check that the vendor shows': async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const webhookUrl = `http://127.0.0.1:${server.address().port}/hook`;
    const made = await client.generations.create(order(say('a fox, told'), { webhookUrl }));
    const [request, response] = await once(server, 'request');
    const chunks = await request.toArray();
    response.end();
    server.close();
    const told = JSON.parse(Buffer.concat(chunks).toString());
    const [, moment, signature] = request.headers['sync-signature'].match(/t=(\d+),v1=(.+)/);
    const signed = `${moment}.${JSON.stringify(told)}`;
    assert.equal(signature, createHmac('sha256', 'whsec_sim-sync').update(signed).digest('hex'));
    assert.deepEqual([told.id, told.status], [made.id, Sync.WebhookStatus.Completed]);
  },
  'generations are listed, their cost and the models are told': async () => {
    const { done } = await film(order(recording));
    const listed = await client.generations.list({ ids: [done.id], status: ['COMPLETED', 'FAILED'] });
    assert.deepEqual(listed.map((one) => one.id), [done.id]);
    const [cost] = await client.generations.estimateCost(order(say('a'.repeat(150))));
    assert.equal(cost.estimatedFrameCount, 250);
    assert.equal((await client.models.list()).length, 5);
  },
  'failures and refusals are told': async () => {
    for (const [word, status] of [['fail', 'FAILED'], ['moderate', 'REJECTED']]) {
      const made = await client.generations.create(order(say(`[sync:${word}]`)));
      assert.equal((await end(made.id)).status, status);
    }
    const refused = (body) => client.generations.create(body, patient);
    await assert.rejects(refused(order(recording, { model: 'lipsync-9' })), Sync.BadRequestError);
    await assert.rejects(refused(order(recording, { options: { sync_mode: 'stretch' } })), Sync.BadRequestError);
    await assert.rejects(refused(order(say(`[sync:500] ${randomUUID()}`))), Sync.InternalServerError);
    await assert.rejects(refused(order(say(`[sync:no-credit] ${randomUUID()}`))), (error) => error.statusCode === 402);
    await assert.rejects(client.generations.get(randomUUID()), Sync.NotFoundError);
    const stranger = new SyncClient({ apiKey: 'wrong', baseUrl: base });
    await assert.rejects(stranger.generations.create(order(recording)), Sync.UnauthorizedError);
  },
  'the SDK waits and tries again when the vendor is busy': async () => {
    await film(order(say(`[sync:busy] ${randomUUID()}`)));
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
