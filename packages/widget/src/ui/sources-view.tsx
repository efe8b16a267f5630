import { Fragment, h } from 'preact';
import { sourceTabs } from '../upload-widget/source-tabs.js';
import type { WidgetState } from '../upload-widget/state.js';
import { AdvancedPanel } from './advanced-panel.js';
import type { ViewContext } from './context.js';
import { Icon } from './icon.js';
import { LocalSource } from './local-source.js';
import { SourceMount } from './source-mount.js';

/** One tab per source (WAI-ARIA tabs: arrow keys move, the panel follows), and the source itself. */
export function SourcesView({
  state,
  context,
}: {
  readonly state: WidgetState;
  readonly context: ViewContext;
}) {
  const { session, settings, t } = context;
  const tabs = sourceTabs(settings);
  const shown = tabs.find(({ id }) => id === state.source) ?? tabs[0];
  if (shown === undefined) return null;

  const move = (event: KeyboardEvent) => {
    const list = event.currentTarget as HTMLElement;
    const isRtl = getComputedStyle(list).direction === 'rtl';
    const at = tabs.indexOf(shown);
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: at + (isRtl ? -1 : 1),
      ArrowLeft: at + (isRtl ? 1 : -1),
      Home: 0,
      End: tabs.length - 1,
    };
    const to = steps[event.key];
    const next = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (next === undefined) return;
    event.preventDefault();
    session.selectSource(next.id);
    list.querySelector<HTMLElement>(`#tab-${CSS.escape(next.id)}`)?.focus();
  };

  return (
    <>
      {tabs.length > 1 && (
        <div class="tabs" role="tablist" aria-label={t('sources')} onKeyDown={move}>
          {tabs.map(({ id, labelText, iconPath }) => (
            <button
              key={id}
              type="button"
              role="tab"
              id={`tab-${id}`}
              aria-selected={id === shown.id}
              aria-controls="source-panel"
              tabIndex={id === shown.id ? 0 : -1}
              onClick={() => session.selectSource(id)}
            >
              <Icon path={iconPath} />
              <span>{t(labelText)}</span>
            </button>
          ))}
        </div>
      )}
      <div
        class="panel"
        id="source-panel"
        {...(tabs.length > 1 ? { role: 'tabpanel', 'aria-labelledby': `tab-${shown.id}` } : {})}
      >
        {shown.plugin === null ? (
          <LocalSource context={context} />
        ) : (
          <SourceMount key={shown.id} plugin={shown.plugin} context={context} />
        )}
        {settings.showAdvancedOptions === true && <AdvancedPanel state={state} context={context} />}
      </div>
    </>
  );
}
