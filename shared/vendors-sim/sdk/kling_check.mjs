// Drives a published client of Kling's classic API, unmodified, against the simulator. It signs with the pair of keys.
//
// Usage: node kling_check.mjs http://127.0.0.1:8090/kling
// Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { KlingAPI, KlingAPIError } from 'kling-api';

const base = process.argv[2]?.replace(/\/$/, '');
if (!base) {
  console.log('usage: node kling_check.mjs http://127.0.0.1:8090/kling');
  process.exit(2);
}

const PICTURE = 'https://example.com/a.png';
const SOUND = 'https://example.com/a.mp3';

function client(accessKey = 'sim-kling-ak', secretKey = 'sim-kling-sk') {
  const api = new KlingAPI({ accessKey, secretKey });
  // Its settings take addresses with TLS alone; the HTTP client below it takes any.
  api.client.defaults.baseURL = base;
  return api;
}

const api = client();

/** The clip of a task, once it is there. */
async function clip({ data }, query) {
  const options = { interval: 100, timeout: 60_000, showSpinner: false };
  const done = await api.waitForVideoResult(data.task_id, query.bind(api), options);
  const { url } = done.data.task_result.videos[0];
  const answer = await fetch(url);
  assert.equal(answer.headers.get('content-type'), 'video/mp4');
  const file = Buffer.from(await answer.arrayBuffer());
  assert.equal(file.subarray(4, 8).toString(), 'ftyp');
  return done.data;
}

const refused = (code, message) => (error) => {
  assert.ok(error instanceof KlingAPIError, `${error}`);
  assert.equal(error.code, code);
  assert.match(error.message, message);
  return true;
};

const checks = {
  'text becomes a clip': async () => {
    const order = { model_name: 'kling-v2-5-turbo', prompt: 'a red kite', mode: 'std', duration: '5', aspect_ratio: '9:16' };
    const task = await api.textToVideo(order);
    assert.equal(task.code, 0);
    assert.equal(task.data.task_status, 'submitted');
    const { task_result } = await clip(task, api.queryTextToVideoTask);
    assert.equal(task_result.videos[0].duration, '5.1');
  },
  'text becomes a clip with sound': async () => {
    const order = { model_name: 'kling-v2-6', prompt: 'a red kite', mode: 'pro', sound: 'on' };
    await clip(await api.textToVideo(order), api.queryTextToVideoTask);
  },
  'the camera moves': async () => {
    const camera_control = { type: 'simple', config: { zoom: 5 } };
    const order = { model_name: 'kling-v1', prompt: 'a red kite', mode: 'std', duration: '5', cfg_scale: 0.7, camera_control };
    await clip(await api.textToVideo(order), api.queryTextToVideoTask);
  },
  'a picture becomes a clip, and a first and a last one': async () => {
    const order = { model_name: 'kling-v1-6', image: PICTURE, prompt: 'she smiles', mode: 'pro' };
    await clip(await api.imageToVideo(order), api.queryImageToVideoTask);
    await clip(await api.imageToVideo({ ...order, image_tail: PICTURE }), api.queryImageToVideoTask);
  },
  'a task is found by the name that the client gave it': async () => {
    const name = `job_${randomUUID()}`;
    const task = await api.textToVideo({ prompt: 'a red kite', external_task_id: name });
    const found = await api.queryTextToVideoTask(name);
    assert.equal(found.data.task_id, task.data.task_id);
    await assert.rejects(api.textToVideo({ prompt: 'again', external_task_id: name }), refused(1201, /exists/));
  },
  'references and frames become a clip': async () => {
    const order = { prompt: 'a fox meets <<<image_1>>>', duration: '5' };
    const references = [{ image_url: PICTURE }, { image_url: PICTURE }];
    await clip(await api.omniVideo({ ...order, image_list: references, aspect_ratio: '1:1' }), api.queryOmniVideoTask);
    const frames = [{ image_url: PICTURE, type: 'first_frame' }, { image_url: PICTURE, type: 'end_frame' }];
    await clip(await api.omniVideo({ ...order, image_list: frames }), api.queryOmniVideoTask);
  },
  'a portrait speaks a recording': async () => {
    const order = { image: PICTURE, sound_file: SOUND, prompt: 'she nods', mode: 'pro' };
    await clip(await api.createAvatar(order), api.queryAvatarTask);
  },
  'a failure is told': async () => {
    const options = { interval: 100, showSpinner: false };
    for (const [word, message] of [['fail', /Generation failed/], ['moderate-output', /risk control/]]) {
      const { data } = await api.textToVideo({ prompt: `[vendor:${word}]` });
      await assert.rejects(api.waitForVideoResult(data.task_id, undefined, options), message);
    }
  },
  'a refused order is told with its code': async () => {
    const once = (word) => ({ prompt: `${randomUUID()} [vendor:${word}]` });
    await assert.rejects(api.textToVideo(once('moderate')), refused(1301, /community guidelines/));
    await assert.rejects(api.textToVideo(once('no-credit')), refused(1102, /balance not enough/));
    await assert.rejects(api.omniVideo({ prompt: 'no shape', duration: '5' }), refused(1201, /aspect_ratio/));
    await assert.rejects(
      api.imageToVideo({ model_name: 'kling-v2-master', image: PICTURE, image_tail: PICTURE }),
      (error) => /image_tail/.test(error.message),
    );
  },
  'a wrong key, and a wrong signature, are refused': async () => {
    const order = { prompt: 'a red kite' };
    await assert.rejects(client('other').textToVideo(order), refused(1002, /invalid/));
    await assert.rejects(client('sim-kling-ak', 'other').textToVideo(order), refused(1002, /invalid/));
  },
  'an unknown task, and one of another kind, are told so': async () => {
    await assert.rejects(api.queryTextToVideoTask('1'), refused(1203, /not found/));
    const { data } = await api.textToVideo({ prompt: 'a red kite' });
    await assert.rejects(api.queryAvatarTask(data.task_id), refused(1203, /not found/));
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
