// A real browser: Chromium of the npm package, or the installed one that CHROME_PATH names.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

/** Hands a running browser to `use`, and ends it afterwards. */
export async function withBrowser(use) {
  const folder = await mkdtemp(join(tmpdir(), 'doitong-browser-'));
  try {
    const browser = await chromium.launch({ headless: true, ...(await installed(folder)) });
    try {
      await use(browser);
    } finally {
      await browser.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where the browser is, as Playwright wants it. Without one this fails: there is no test without a browser. */
async function installed(folder) {
  if (process.env.CHROME_PATH) return { executablePath: process.env.CHROME_PATH };
  // The package holds the program for this kind of machine only; elsewhere Chrome, where its installer puts it.
  if (process.platform !== 'linux' || process.arch !== 'x64') return { channel: 'chrome' };
  // It unpacks itself (200 MB, a second) where temporary files go; and, where it takes the machine for a serverless one,
  // the libraries and fonts that a bare machine does not have. It looks at this when it is imported.
  Object.assign(process.env, { TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' });
  const { default: packed } = await import('@sparticuz/chromium');
  const executablePath = await packed.executablePath();
  // Its own list of fonts names /tmp/fonts, wherever it unpacked them; without a font no text is shown.
  const fonts = join(folder, 'fonts.conf');
  await writeFile(fonts, `<fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'cache')}</cachedir></fontconfig>`);
  process.env.FONTCONFIG_FILE = fonts;
  return { executablePath };
}
