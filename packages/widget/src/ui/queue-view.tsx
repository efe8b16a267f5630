import { Fragment, h } from 'preact';
import { totalsOf } from '../core/queue-file.js';
import { sizeText, timeText } from '../locales/text.js';
import type { WidgetState } from '../upload-widget/state.js';
import type { ViewContext } from './context.js';
import { percentOf, settledFacts } from './queue-facts.js';
import { QueueRow } from './queue-row.js';

/** Every file with its progress, and what can be done with all of them. */
export function QueueView({
  state,
  context,
}: {
  readonly state: WidgetState;
  readonly context: ViewContext;
}) {
  const { settings, session, t, requestClose } = context;
  const totals = totalsOf(state.files);
  const isBusy = totals.open > 0;
  const single = !settings.multiple || settings.cropping;
  return (
    <>
      <Summary state={state} context={context} />
      <ul class="rows" aria-label={t('queue.list')}>
        {state.files.map((file) => (
          <QueueRow key={file.id} file={file} context={context} />
        ))}
      </ul>
      <div class="bar">
        {totals.failed > 0 && (
          <button type="button" class="button" onClick={() => session.engine.retryFailed()}>
            {t('queue.retry_failed')}
          </button>
        )}
        {isBusy && (
          <button type="button" class="button" onClick={() => session.engine.abortAll()}>
            {t('queue.abort_all')}
          </button>
        )}
        {settings.showCompletedButton === true && totals.done > 0 && (
          <button type="button" class="button" onClick={() => session.showCompleted()}>
            {t('queue.show_completed')}
          </button>
        )}
        <span class="gap" />
        {settings.showUploadMoreButton && !(single && isBusy) && (
          <button type="button" class="button" onClick={() => session.showSources()}>
            {t('queue.upload_more')}
          </button>
        )}
        {!isBusy && !context.isInline && (
          <button type="button" class="button primary" data-first-focus onClick={requestClose}>
            {t('queue.done')}
          </button>
        )}
      </div>
    </>
  );
}

/** Counts, speed and time left: the one line that matters while waiting. */
function Summary({ state, context }: { readonly state: WidgetState; readonly context: ViewContext }) {
  const { t, language } = context;
  const totals = totalsOf(state.files);
  const { open, totalBytes } = totals;
  const facts = [
    ...settledFacts(totals, t),
    ...(open > 0 && state.bytesPerSecond !== null && state.bytesPerSecond > 0
      ? [t('queue.speed', { speed: sizeText(state.bytesPerSecond, t, language) })]
      : []),
    ...(open > 0 && state.timeLeftMs !== null
      ? [t('queue.time_left', { time: timeText(state.timeLeftMs, t) })]
      : []),
  ];
  return (
    <div class="summary">
      <strong>
        {open > 0 ? t('queue.title_uploading_with_counter', { num: open }) : t('queue.title_done')}
      </strong>
      <span class="facts">{facts.join(' · ')}</span>
      {open > 0 && totalBytes > 0 && (
        <progress aria-label={t('queue.title')} max={100} value={percentOf(totals)} />
      )}
    </div>
  );
}
