import { h } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { UploadSource } from '../sources.js';
import type { ViewContext } from './context.js';

/** A place for a source that brings its own elements: mounted when the tab is shown, cleaned up when it is left. */
export function SourceMount({
  plugin,
  context,
}: {
  readonly plugin: UploadSource;
  readonly context: ViewContext;
}) {
  const place = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<'loading' | 'ready' | 'failed'>('loading');
  const [attempt, setAttempt] = useState(0);
  const { session, settings, t, language } = context;

  useEffect(() => {
    const parent = place.current;
    if (parent === null) return;
    const visit = new AbortController();
    const element = document.createElement('div');
    element.className = 'plugin';
    parent.append(element);
    let cleanUp: unknown;
    const end = () => typeof cleanUp === 'function' && cleanUp();
    const mount = async () => {
      cleanUp = await plugin.mount(element, {
        addFiles: (files) => void session.addFiles(files, plugin.id),
        addUrls: (urls) => void session.addUrls(urls, plugin.id),
        multiple: settings.multiple && !settings.cropping,
        language,
        text: t,
        notify: (message) => session.notice(message),
        signal: visit.signal,
      });
      if (visit.signal.aborted) end();
      else setState('ready');
    };
    mount().catch((error: unknown) => {
      if (visit.signal.aborted) return;
      reportError(error);
      setState('failed');
    });
    return () => {
      visit.abort();
      end();
      element.remove();
    };
  }, [plugin.id, attempt]);

  const again = () => {
    setState('loading');
    setAttempt(attempt + 1);
  };
  return (
    <div class="source-mount" ref={place}>
      {state === 'loading' && <p class="soft">{t('loading')}</p>}
      {state === 'failed' && (
        <div class="centred">
          <p role="alert">{t('load_failed')}</p>
          <button type="button" class="button" onClick={again}>
            {t('actions.try_again')}
          </button>
        </div>
      )}
    </div>
  );
}
