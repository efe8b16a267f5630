import { Component, h } from 'preact';
import { useState } from 'preact/hooks';
import type { QueueFile } from '../core/queue-file.js';
import { isSettled } from '../core/queue-file.js';
import { sizeText } from '../locales/text.js';
import { progressOf, statusOf } from '../upload-widget/describe.js';
import { detailsOf } from '../upload-widget/file-details.js';
import type { ViewContext } from './context.js';
import { Icon, iconPaths } from './icon.js';

interface RowProps {
  readonly file: QueueFile;
  readonly context: ViewContext;
}

/** One file. Painted again only when that file changed: the queue may be long. */
export class QueueRow extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    return next.file !== this.props.file || next.context.language !== this.props.context.language;
  }

  override render({ file, context }: RowProps) {
    const { t, language } = context;
    const { name, status, size, failure } = file;
    const percent = progressOf(file);
    const reason = failure?.kind === 'network' ? t('uploader.errors.network') : failure?.message;
    const moving = !isSettled(file) && status !== 'queued';
    return (
      <li class={`row is-${status}`}>
        <Preview file={file} />
        <div class="what">
          <span class="name" dir="auto" title={name}>
            {name}
          </span>
          <span class="facts">
            {size > 0 && <span>{sizeText(size, t, language)}</span>}
            <span class="status">
              {status === 'done' && <Icon path={iconPaths.check} />}
              {status === 'failed' && <Icon path={iconPaths.alert} />}
              {status === 'uploading' ? `${percent} %` : t(`queue.statuses.${statusOf(status)}`)}
            </span>
          </span>
          {status === 'failed' && <span class="reason">{reason}</span>}
          {moving && <progress aria-label={name} max={100} value={size === 0 ? undefined : percent} />}
        </div>
        <Buttons file={file} context={context} />
      </li>
    );
  }
}

function Preview({ file }: { readonly file: QueueFile }) {
  const { preview } = detailsOf(file);
  const [isBroken, setIsBroken] = useState(false);
  if (isBroken || preview === null || !/^(blob|https?):/.test(preview)) {
    return (
      <span class="preview">
        <Icon path={iconPaths.file} />
      </span>
    );
  }
  const broken = () => setIsBroken(true);
  return <img class="preview" src={preview} alt="" loading="lazy" decoding="async" onError={broken} />;
}

function Buttons({ file, context }: RowProps) {
  const { t, session } = context;
  const { id, name, status } = file;
  const button = (action: 'pause' | 'resume' | 'retry' | 'abort' | 'remove', run: () => void) => (
    <button type="button" class="icon-button" aria-label={t(`queue.${action}`, { name })} onClick={run}>
      <Icon path={iconPaths[action === 'abort' || action === 'remove' ? 'close' : action]} />
    </button>
  );
  return (
    <span class="row-buttons">
      {!isSettled(file) &&
        status !== 'paused' &&
        file.size > 0 &&
        button('pause', () => session.engine.pause(id))}
      {status === 'paused' && button('resume', () => session.engine.resume(id))}
      {(status === 'failed' || status === 'aborted') && button('retry', () => session.engine.retry([id]))}
      {isSettled(file)
        ? button('remove', () => session.forget(id))
        : button('abort', () => session.engine.abort([id]))}
    </span>
  );
}
