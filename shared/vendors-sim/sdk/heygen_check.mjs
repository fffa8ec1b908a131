// Drives the vendor's own package for n8n, unmodified, against the simulator.
//
// The package knows one address alone. What it runs in here is n8n's part of the work: it sends the requests, and sends
// those for that address to the simulator.
//
// Usage: node heygen_check.mjs http://127.0.0.1:8090/heygen
// Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const folder = '@heygenofficial/n8n-nodes-heygen-official/dist/nodes/Heygen';
const { HeygenNode } = require(`${folder}/HeygenNode.node.js`);

const base = process.argv[2]?.replace(/\/$/, '');
if (!base) {
  console.log('usage: node heygen_check.mjs http://127.0.0.1:8090/heygen');
  process.exit(2);
}

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

async function send({ method, url, qs, headers, body, json }) {
  const address = new URL(url.replace('https://api.heygen.com', base));
  for (const [name, value] of Object.entries(qs ?? {})) address.searchParams.set(name, value);
  const more = json ? { 'content-type': 'application/json' } : {};
  const response = await fetch(address, {
    method,
    headers: { ...headers, ...more },
    body: json ? JSON.stringify(body) : body,
  });
  const text = await response.text();
  if (!response.ok) {
    throw Object.assign(new Error(text), { httpCode: String(response.status), description: text });
  }
  return text;
}

// Runs one operation of the node as n8n does.
async function run(operation, parameters = {}, { apiKey = 'sim-heygen-key', binary } = {}) {
  const all = { authentication: 'apiKey', operation, ...parameters };
  const context = {
    getInputData: () => [{ json: {}, binary }],
    getNodeParameter: (name, _, usual) => name.split('.').reduce((value, part) => value?.[part], all) ?? usual,
    getCredentials: async () => ({ apiKey }),
    getNode: () => ({ id: '1', name: 'HeyGen', type: 'heygenNode', typeVersion: 1, position: [0, 0], parameters: all }),
    continueOnFail: () => false,
    helpers: {
      httpRequest: send,
      httpRequestWithAuthentication: (_, request) => send(request),
    },
  };
  const [[{ json }]] = await new HeygenNode().execute.call(context);
  return json;
}

async function looks() {
  let token = '';
  do {
    const page = await run('listAvatarsGroups', {
      avatarGroupsOwnership: 'public',
      listPageLimit: 50,
      listPaginationToken: token,
    });
    const kate = page.data.find((group) => group.name === 'Kate');
    if (kate) return (await run('listAvatars', { avatarLooksGroupId: kate.id })).data;
    token = page.next_token;
  } while (token);
  throw new Error('there is no such person');
}

async function voice(language = 'English') {
  const page = await run('listVoices', { engineFilter: 'any', voiceLanguage: language, voiceGender: 'female' });
  return page.data[0].voice_id;
}

async function end(videoId) {
  for (let look = 0; look < 300; look += 1) {
    const { data } = await run('getVideoStatus', { videoId });
    if (['completed', 'failed'].includes(data.status)) return data;
    await new Promise((go) => setTimeout(go, 100));
  }
  throw new Error(`video ${videoId} has not ended`);
}

async function film(parameters) {
  const { data } = await run('createVideo', { videosDimension: {}, ...parameters });
  assert.equal(data.status, 'waiting');
  return end(data.video_id);
}

async function isFilm(video) {
  assert.equal(video.status, 'completed', JSON.stringify(video));
  const response = await fetch(video.video_url);
  const bytes = Buffer.from(await response.arrayBuffer());
  assert.equal(bytes.subarray(4, 8).toString(), 'ftyp');
}

const refused = (code) => (error) => JSON.stringify([error.message, error.description, error.messages]).includes(code);

const checks = {
  'an avatar speaks a script before a colour': async () => {
    const [filmed] = await looks();
    const parameters = {
      videosVisualSource: 'avatarId',
      videosAvatarId: filmed.id,
      videosScript: "Hello, I'm your AI assistant",
      videosVoiceId: await voice(),
      videosVoiceSpeed: 1.1,
      videosBackgroundType: 'color',
      videosBackgroundColor: '#f6f6fc',
      videosAdditionalFields: { title: 'hello', callbackId: 'job_1' },
    };
    await isFilm(await film(parameters));
  },
  'an avatar speaks by the older form of the node': async () => {
    const [filmed] = await looks();
    const scene = {
      characterType: 'avatar',
      avatarId: filmed.id,
      voiceType: 'text',
      inputText: 'Good morning',
      voiceId: await voice('German'),
      backgroundType: 'image',
      backgroundImageUrl: 'https://example.com/office.jpg',
    };
    const parameters = { dimension: {}, caption: false, videoInput: { videoInputValues: [scene] } };
    const { data } = await run('createAvatarVideo', parameters);
    await isFilm(await end(data.video_id));
  },
  'an avatar speaks a recording': async () => {
    const [filmed] = await looks();
    const parameters = {
      videosVisualSource: 'avatarId',
      videosAvatarId: filmed.id,
      videosVoiceMode: 'audio',
      videosAudioUrl: 'https://example.com/speech.mp3',
    };
    await isFilm(await film(parameters));
  },
  'an uploaded picture speaks': async () => {
    const binary = { data: { data: PNG.toString('base64'), fileName: 'face.png', mimeType: 'image/png' } };
    const { data } = await run('uploadAssets', { binaryData: true, binaryPropertyName: 'data' }, { binary });
    assert.equal(data.mime_type, 'image/png');
    const body = {
      type: 'image',
      image: { type: 'asset_id', asset_id: data.asset_id },
      script: 'Good morning',
      voice_id: await voice(),
      expressiveness: 'high',
    };
    await isFilm(await film({ videosUseJsonBody: true, videosJsonBody: JSON.stringify(body) }));
  },
  'voices are found by a description': async () => {
    const { data } = await run('designVoice', { voiceDesignPrompt: 'warm and calm', voiceDesignSeed: '7' });
    assert.deepEqual([data.seed, data.voices.length], [7, 3]);
  },
  'videos are listed by title and removed': async () => {
    const [filmed] = await looks();
    const title = crypto.randomUUID();
    const video = await film({
      videosVisualSource: 'avatarId',
      videosAvatarId: filmed.id,
      videosScript: 'Hello',
      videosAdditionalFields: { title },
    });
    const listed = await run('listVideos', { videosTitleFilter: title });
    assert.deepEqual(listed.data.map(({ id }) => id), [video.id]);
    await run('deleteVideo', { videoId: video.id });
    await assert.rejects(run('getVideoStatus', { videoId: video.id }), refused('video_not_found'));
  },
  'a failed video is told': async () => {
    const [filmed] = await looks();
    const parameters = { videosVisualSource: 'avatarId', videosAvatarId: filmed.id, videosScript: '[heygen:moderate]' };
    const video = await film(parameters);
    assert.deepEqual([video.status, video.failure_code], ['failed', 'blocked_words_detected']);
  },
  'wrong orders and a wrong key are refused': async () => {
    const parameters = { videosVisualSource: 'avatarId', videosAvatarId: 'kate', videosScript: 'Hello', videosDimension: {} };
    await assert.rejects(run('createVideo', parameters), refused('avatar_not_found'));
    await assert.rejects(run('createVideo', parameters, { apiKey: 'wrong' }), refused('unauthorized'));
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
