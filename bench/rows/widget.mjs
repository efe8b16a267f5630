import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { root } from '../../scripts/lib/project.mjs';
import { chromiumSwitches } from '../../test/browser/support/chromium-switches.mjs';
import { browserContenders, bundlePage, installBrowserPeers, removeBundles } from '../lib/browser-peers.mjs';
import { account, startCounterseal } from '../lib/processes.mjs';
import { row } from '../lib/report.mjs';
import { playRounds } from '../lib/rounds.mjs';
import { extent } from '../lib/stats.mjs';
import { findCommand } from '../lib/tools.mjs';
import { startWidgetSite } from '../lib/widget-site.mjs';
import { fileCount, patienceMs, visitWidget } from '../lib/widget-visit.mjs';

/** The upload widget beside others: what it weighs, how soon it is there, what many files cost. In one Chromium. */
export const name = 'widget';

/** Loads packages of its own on demand, so that it runs when it is asked for by name. */
export const onlyWhenAsked = true;

const kilobyte = 1000;

export async function run({ quick }) {
  const program = ['chromium', 'chromium-browser', 'google-chrome']
    .map(findCommand)
    .find((path) => path !== null);
  if (program === undefined) throw new Error('no Chromium is installed');
  takeAllCores();
  await installBrowserPeers();
  const folder = mkdtempSync(join(tmpdir(), 'counterseal-bench-widget-'));
  const pages = {};
  for (const { page } of browserContenders) pages[page] = await bundlePage(page, folder);
  const server = await startCounterseal();
  const site = await startWidgetSite({ folder, pages, photo: await photo() });
  const browser = await chromium.launch({ executablePath: program, args: chromiumSwitches });
  try {
    await makePreset(server.url);
    const target = { siteUrl: site.url, apiUrl: server.url };
    const tooSlow = new Set();
    const samples = await playRounds(browserContenders, quick ? 3 : 7, async ({ page }) => {
      const figures = await visitWidget(browser, { ...target, page, uploads: !tooSlow.has(page) });
      if (figures.wallMs === undefined) tooSlow.add(page);
      return figures;
    });
    return browserContenders.flatMap((contender) => rowsOf(contender, pages[contender.page], samples));
  } finally {
    await browser.close();
    site.stop();
    await server.stop();
    removeBundles(folder);
  }
}

function rowsOf({ name: who }, { scriptBytes, styleBytes, laterBytes }, samples) {
  const size = (bytes) => ({ ...extent([bytes / kilobyte]), figure: 'bytes' });
  const time = (figure) => extent(samples[who].map((sample) => sample[figure]));
  const isSlow = samples[who].some(({ wallMs }) => wallMs === undefined);
  const of = (column, what, goal, result, unit) => ({
    ...row('', `${who}: ${what}`, goal, result, { unit }),
    who,
    column,
  });
  return [
    of('script', 'script, gzip', null, size(scriptBytes), 'KB'),
    of('style', 'style sheets, gzip', null, size(styleBytes), 'KB'),
    of('later', 'parts loaded on demand, gzip, all', null, size(laterBytes), 'KB'),
    of('open', 'dialog opened', null, time('openMs'), 'ms'),
    ...(isSlow ? [] : uploadRows(of, time)),
  ];
}

function uploadRows(of, time) {
  return [
    of('task', `${fileCount} photos, main thread CPU`, null, time('taskMs'), 'ms'),
    of('script-time', `${fileCount} photos, of it script`, null, time('scriptMs'), 'ms'),
    of('layout', `${fileCount} photos, of it style and layout`, null, time('layoutMs'), 'ms'),
    of('wall', `${fileCount} photos, wall`, null, time('wallMs'), 'ms'),
  ];
}

const columns = [
  ['script', 'script'],
  ['style', 'CSS'],
  ['later', 'on demand'],
  ['open', 'dialog opened'],
  ['task', `${fileCount} photos, main thread CPU`],
  ['script-time', 'of it script'],
  ['layout', 'of it style and layout'],
  ['wall', 'wall'],
];

/** The table of docs/performance.md. */
export function markdown(rows) {
  const cell = (who, column) => {
    const found = rows.find((each) => each.who === who && each.column === column);
    if (found === undefined) return `not done in ${patienceMs / 1000} s`;
    const { median, low, high, unit } = found;
    if (unit === 'KB') return median === 0 ? '-' : `${median.toFixed(1)} KB`;
    return `${Math.round(median)} ms (${Math.round(low)}-${Math.round(high)})`;
  };
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const names = [...new Set(rows.map(({ who }) => who))];
  return [
    line(['', ...columns.map(([, head]) => head)]),
    line(['---', ...columns.map(() => '---')]),
    ...names.map((who) => line([who, ...columns.map(([column]) => cell(who, column))])),
  ].join('\n');
}

/** The browser is not to share the one core that load generators are kept on. */
function takeAllCores() {
  if (findCommand('taskset') !== null)
    spawnSync('taskset', ['-apc', `0-${cpus().length - 1}`, String(process.pid)]);
}

async function makePreset(url) {
  const { cloud, apiKey, apiSecret } = account;
  const answer = await fetch(`${url}/v1_1/${cloud}/upload_presets`, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}` },
    body: new URLSearchParams({ name: 'bench', unsigned: 'true' }),
  });
  if (!answer.ok) throw new Error(`no preset: ${await answer.text()}`);
}

/** 1200 x 800, about as large as what a phone's messenger sends. */
function photo() {
  return sharp(join(root, 'packages/server/assets/sample.jpg'))
    .resize(1200, 800)
    .jpeg({ quality: 85 })
    .toBuffer();
}
