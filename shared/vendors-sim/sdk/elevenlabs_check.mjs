// Drives a published client of ElevenLabs, unmodified, against the simulator.
//
// Usage: node elevenlabs_check.mjs http://127.0.0.1:8090/elevenlabs
// Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createElevenLabs } from '@ai-sdk/elevenlabs';
import { experimental_generateSpeech as generateSpeech } from 'ai';

const base = process.argv[2]?.replace(/\/$/, '');
if (!base) {
  console.log('usage: node elevenlabs_check.mjs http://127.0.0.1:8090/elevenlabs');
  process.exit(2);
}

const RACHEL = '21m00Tcm4TlvDq8ikWAM';

/** It knows one host alone, and lets others fetch for it. */
const redirected = (url, init) => fetch(url.replace('https://api.elevenlabs.io', base), init);

async function speak(model, { apiKey = 'sim-elevenlabs-key', text = 'Welcome to the future', elevenlabs, ...options } = {}) {
  const speech = createElevenLabs({ apiKey, fetch: redirected }).speech(model);
  const providerOptions = elevenlabs && { elevenlabs };
  return generateSpeech({ model: speech, text, voice: RACHEL, maxRetries: 0, providerOptions, ...options });
}

const checks = {
  'speaks MP3': async () => {
    const { audio, warnings } = await speak('eleven_multilingual_v2');
    assert.equal(audio.mediaType, 'audio/mpeg');
    assert.ok(audio.uint8Array.length > 1000);
    assert.deepEqual(warnings, []);
  },
  'speaks with a mood, and with all settings of a voice': async () => {
    const voiceSettings = { stability: 0.5 };
    await speak('eleven_v3', { text: '[excited] Welcome', elevenlabs: { voiceSettings, seed: 42 } });
    const all = { stability: 0.4, similarityBoost: 0.8, style: 0.2, useSpeakerBoost: true };
    const more = { voiceSettings: all, applyTextNormalization: 'auto', previousText: 'Hello.', nextText: 'Bye.' };
    await speak('eleven_multilingual_v2', { speed: 1.1, elevenlabs: more });
  },
  'speaks faster, and the recording is shorter': async () => {
    const text = 'a fox crosses a snowy bridge and does not look back';
    const length = async (speed) => (await speak('eleven_flash_v2_5', { text, speed })).audio.uint8Array.length;
    assert.ok((await length(1.2)) < (await length(0.7)));
  },
  'speaks a language, in other formats': async () => {
    const { audio } = await speak('eleven_flash_v2_5', { language: 'de', outputFormat: 'mp3_32' });
    assert.equal(audio.mediaType, 'audio/mpeg');
    const pcm = await speak('eleven_flash_v2_5', { outputFormat: 'pcm_16000' });
    assert.ok(pcm.audio.uint8Array.length > 1000);
  },
  'a wrong order is told with its status': async () => {
    const refused = (statusCode, message) => (error) => {
      assert.equal(error.statusCode, statusCode, `${error}`);
      assert.match(error.responseBody, message);
      return true;
    };
    await assert.rejects(speak('eleven_v9'), (error) => error.statusCode >= 400 && error.statusCode < 500);
    await assert.rejects(speak('eleven_multilingual_v2', { voice: 'nobody' }), refused(400, /invalid_voice_id|invalid ID/i));
    await assert.rejects(speak('eleven_v3', { elevenlabs: { voiceSettings: { stability: 0.3 } } }), refused(400, /stability/i));
    await assert.rejects(speak('eleven_v3', { text: 'a'.repeat(5001) }), (error) => error.statusCode === 400);
  },
  'a busy vendor, and one that is not paid, are told': async () => {
    const once = (word) => ({ text: `${randomUUID()} [vendor:${word}]` });
    await assert.rejects(speak('eleven_v3', once('busy')), (error) => error.statusCode === 429 && error.isRetryable);
    await assert.rejects(speak('eleven_v3', once('no-credit')), (error) => error.statusCode === 402);
  },
  'a wrong key is refused': async () => {
    await assert.rejects(speak('eleven_v3', { apiKey: 'wrong' }), (error) => error.statusCode === 401);
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
