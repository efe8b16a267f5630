import { h } from 'preact';
import { isSettled, totalsOf } from '../core/queue-file.js';
import { viewOf, type WidgetState } from '../upload-widget/state.js';
import type { ViewContext } from './context.js';
import { CropMount } from './crop-mount.js';
import { Icon, iconPaths } from './icon.js';
import { percentOf, settledFacts } from './queue-facts.js';
import { QueueView } from './queue-view.js';
import { SourcesView } from './sources-view.js';

interface ViewProps {
  readonly state: WidgetState;
  readonly context: ViewContext;
}

const titles: Readonly<Record<ReturnType<typeof viewOf>, string>> = {
  sources: 'title',
  queue: 'queue.title',
  crop: 'crop.title',
  prompt: 'close_prompt.title',
  broken: 'title',
};

/** The window: a head, the view, and what went wrong. */
export function Window({ state, context }: ViewProps) {
  const { t, settings, isInline, requestClose, minimize, session } = context;
  const hasOpen = state.files.some((file) => !isSettled(file));
  const view = viewOf(state);
  return (
    <div class="window">
      <header>
        <h2 id="window-title" tabIndex={-1}>
          {t(titles[view])}
        </h2>
        {view === 'sources' && state.files.length > 0 && (
          <button type="button" class="button small" onClick={() => session.showQueue()}>
            {t('queue.title')} ({totalsOf(state.files).files})
          </button>
        )}
        {!isInline && hasOpen && view === 'queue' && (
          <button type="button" class="icon-button" aria-label={t('minimize')} onClick={minimize}>
            <Icon path={iconPaths.minimize} />
          </button>
        )}
        {!isInline && (
          <button type="button" class="icon-button" aria-label={t('close')} onClick={requestClose}>
            <Icon path={iconPaths.close} />
          </button>
        )}
      </header>
      {view === 'broken' ? (
        <div class="centred grow broken">
          <Icon path={iconPaths.alert} />
          <p role="alert">{state.notices.at(-1)}</p>
        </div>
      ) : (
        <div class="view">
          <Notices state={state} />
          <View state={state} context={context} />
        </div>
      )}
      {settings.showPoweredBy && <footer>{t('powered_by')}</footer>}
    </div>
  );
}

function View({ state, context }: ViewProps) {
  const view = viewOf(state);
  if (view === 'crop' && state.crop !== null) return <CropMount request={state.crop} context={context} />;
  if (view === 'queue') return <QueueView state={state} context={context} />;
  if (view === 'prompt') return <ClosePrompt context={context} />;
  return <SourcesView state={state} context={context} />;
}

function Notices({ state }: Pick<ViewProps, 'state'>) {
  return (
    <div role="alert" class="notices">
      {state.notices.map((notice, at) => (
        <p key={`${at} ${notice}`} dir="auto">
          {notice}
        </p>
      ))}
    </div>
  );
}

function ClosePrompt({ context }: Pick<ViewProps, 'context'>) {
  const { t, session, stopAndClose } = context;
  return (
    <div class="centred grow">
      <p>{t('notifications.general_prompt')}</p>
      <div class="bar">
        <button type="button" class="button primary" data-first-focus onClick={() => session.showQueue()}>
          {t('close_prompt.keep')}
        </button>
        <button type="button" class="button" onClick={stopAndClose}>
          {t('close_prompt.stop')}
        </button>
      </div>
    </div>
  );
}

/** What is left of the window while it is minimised. */
export function MiniBar({ state, context }: ViewProps) {
  const { t, settings, expand } = context;
  const totals = totalsOf(state.files);
  const { open } = totals;
  const [side = 'right', offset = '35px'] = settings.queueViewPosition.split(':');
  const percent = percentOf(totals);
  const label = open > 0 ? `${t('queue.mini_title_uploading')} ${percent} %` : t('queue.mini_title');
  return (
    <div
      class="mini"
      style={side === 'left' ? { left: offset, right: 'auto' } : { right: offset, left: 'auto' }}
    >
      <div class="what">
        <span class="name">{label}</span>
        <span class="facts">{settledFacts(totals, t).join(' · ')}</span>
        {open > 0 && <progress aria-label={label} max={100} value={percent} />}
      </div>
      <button type="button" class="icon-button" aria-label={t('expand')} onClick={expand}>
        <Icon path={iconPaths.expand} />
      </button>
    </div>
  );
}
