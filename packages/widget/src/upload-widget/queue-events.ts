import type { WireParams } from '../core/credentials.js';
import type { EngineEvent, UploadEngine } from '../core/engine.js';
import { UploadFailure } from '../core/failure.js';
import { type QueueFile, totalsOf } from '../core/queue-file.js';
import { loadParts } from '../load-parts.js';
import { queueItem, uploadInfo } from './describe.js';
import type { SessionContext } from './session-context.js';

/** Tells the page, the user and screen readers what happens in the queue (widgets reference, section 1.4). */
export function createQueueEvents(context: SessionContext, engine: () => UploadEngine) {
  const { settings, store, report, page, keeper, t, notice } = context;
  /** By the id of the file: what a refusal is explained with. */
  const signedParams = new Map<string, WireParams>();

  function onEvent(event: EngineEvent): void {
    switch (event.type) {
      case 'started':
        report.tell('queues-start', undefined);
        store.set({
          view: 'queue',
          announcement: t('notifications.started', { num: totalsOf(engine().files()).open }),
        });
        context.onStarted();
        break;
      case 'confirmed':
        if (settings().resume === true) void keeper.save(event.file);
        break;
      case 'success':
        succeed(event.file);
        break;
      case 'failed':
        void fail(event.file);
        break;
      case 'aborted':
        for (const id of event.ids) keeper.drop(engine().file(id));
        report.tell('abort', { ids: event.ids, all: event.all });
        break;
      case 'retried':
        report.tell('retry', { ids: event.ids, all: event.all });
        break;
      case 'ended':
        end(event.files);
        break;
      default:
        event satisfies never;
    }
  }

  function succeed(file: QueueFile): void {
    const info = uploadInfo(file, settings());
    keeper.drop(file);
    signedParams.delete(file.id);
    store.set({ announcement: t('notifications.uploaded', { name: file.name }) });
    page.add(info);
    report.tell('success', info);
  }

  async function fail(file: QueueFile): Promise<void> {
    const failure = file.failure ?? new UploadFailure('local', t('notifications.general_error'));
    const signed = signedParams.get(file.id);
    const reason = failure.kind === 'network' ? t('uploader.errors.network') : failure.message;
    store.set({ announcement: t('notifications.failed', { name: file.name, reason }) });
    const isRefused = settings().debug === true && signed !== undefined && failure.status === 401;
    const diagnosis = isRefused ? await explain(failure.message, signed) : null;
    if (diagnosis !== null) {
      console.warn(`[counterseal] ${file.name}\n${diagnosis}`);
      notice(diagnosis);
    }
    report.fail({
      id: file.id,
      name: file.name,
      message: failure.message,
      httpStatus: failure.status,
      kind: failure.kind,
      ...(diagnosis === null ? {} : { diagnosis }),
    });
  }

  const explain = (message: string, signed: WireParams) =>
    loadParts
      .diagnose()
      .then(({ diagnose }) => diagnose(message, signed))
      .catch(() => null);

  function end(files: readonly QueueFile[]): void {
    report.tell('queues-end', { files: files.map((file) => queueItem(file, settings())) });
    const { view } = store.get();
    // Nothing is left that closing could stop.
    store.set({ announcement: t('notifications.all_done'), view: view === 'prompt' ? 'queue' : view });
    const { multiple, singleUploadAutoClose } = settings();
    // One that the user stopped before is in nobody's way; a failure is to be seen.
    const isWhole = files.at(-1)?.status === 'done' && !files.some(({ status }) => status === 'failed');
    if ((!multiple || settings().cropping) && singleUploadAutoClose && isWhole) context.onFinished();
  }

  return { onEvent, signedParams };
}
