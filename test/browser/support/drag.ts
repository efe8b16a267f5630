import type { Locator, Page } from 'playwright-core';

/**
 * Drags files and folders of this machine over an element, by the browser's protocol: the page sees what a real drag shows, no file
 * until the drop (widgets reference, section 4). Answers the drop itself, to be called when the page has reacted to the drag.
 */
export async function dragOver(
  page: Page,
  target: Locator,
  paths: readonly string[],
): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  if (box === null) throw new Error('what is dragged over is not shown');
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  const at = { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + 20), data };
  await session.send('Input.dispatchDragEvent', { type: 'dragEnter', ...at });
  await session.send('Input.dispatchDragEvent', { type: 'dragOver', ...at });
  return async () => {
    await session.send('Input.dispatchDragEvent', { type: 'drop', ...at });
  };
}
