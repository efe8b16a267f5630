/** Files of one visit. */
export const fileCount = 100;

/** Less than this in a step is a page at rest. Some never rest: they paint all the time. */
const restingTaskSeconds = 0.008;
const settleStepMs = 250;
const maxSettleSteps = 8;

/** Whoever has not uploaded everything by then is not waited for. */
export const patienceMs = 60_000;

/**
 * A fresh page of one contender: how long its dialog takes to be there, and what adding and uploading many photos costs the main
 * thread in CPU time. Milliseconds. Without `uploads`, and when they are not done in {@link patienceMs}, only the dialog is answered.
 */
export async function visitWidget(browser, { siteUrl, apiUrl, page: name, uploads = true }) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 760 } });
  try {
    const page = await context.newPage();
    const failures = [];
    page.on('pageerror', (error) => failures.push(String(error)));
    await page.goto(`${siteUrl}/${name}/`, { waitUntil: 'load' });
    await page.waitForFunction('globalThis.makeContender !== undefined');
    await page.evaluate(`globalThis.contender = makeContender(${JSON.stringify(apiUrl)})`);
    const session = await context.newCDPSession(page);
    // CPU time of the thread: what else runs on the machine does not count.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const metrics = async () => {
      const { metrics: all } = await session.send('Performance.getMetrics');
      return Object.fromEntries(all.map((metric) => [metric.name, metric.value]));
    };
    await settled(page, metrics);

    const openMs = await page.evaluate(async () => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const from = performance.now();
      globalThis.contender.open();
      while (!(globalThis.contender.shown()?.getBoundingClientRect().height > 0)) await frame();
      await frame();
      return performance.now() - from;
    });

    if (!uploads) return { openMs };

    await page.evaluate(async (count) => {
      const photo = await (await fetch('/photo.jpg')).arrayBuffer();
      globalThis.files = Array.from(
        { length: count },
        (_, at) => new File([photo, String(at)], `photo-${at}.jpg`, { type: 'image/jpeg' }),
      );
    }, fileCount);
    await settled(page, metrics);
    const before = await metrics();
    const from = performance.now();
    const late = new Promise((resolve) => setTimeout(resolve, patienceMs, null).unref());
    const uploaded = await Promise.race([page.evaluate('contender.upload(files)').catch(String), late]);
    if (uploaded === null) return { openMs };
    const wallMs = performance.now() - from;
    const after = await settled(page, metrics);
    if (uploaded !== fileCount || failures.length > 0)
      throw new Error(
        `${name} uploaded ${uploaded} of ${fileCount} files: ${failures.slice(0, 3).join('; ')}`,
      );
    const spent = (metric) => (after[metric] - before[metric]) * 1000;
    return {
      openMs,
      wallMs,
      taskMs: spent('TaskDuration'),
      scriptMs: spent('ScriptDuration'),
      layoutMs: spent('LayoutDuration') + spent('RecalcStyleDuration'),
    };
  } finally {
    await context.close();
  }
}

/** Waits until the main thread rests, two seconds at most, and answers the metrics of that moment. */
async function settled(page, metrics) {
  let last = await metrics();
  for (let step = 0, quiet = 0; quiet < 2 && step < maxSettleSteps; step += 1) {
    await page.waitForTimeout(settleStepMs);
    const now = await metrics();
    quiet = now.TaskDuration - last.TaskDuration < restingTaskSeconds ? quiet + 1 : 0;
    last = now;
  }
  return last;
}
