import { h } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { droppedFiles } from '../browser/dropped-files.js';
import { acceptOf } from '../core/restrictions.js';
import type { ViewContext } from './context.js';
import { Icon, iconPaths } from './icon.js';

/** Files of this device: chosen, dropped (folders too) or pasted. */
export function LocalSource({ context }: { readonly context: ViewContext }) {
  const { session, settings, t } = context;
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const multiple = settings.multiple && !settings.cropping;

  const chosen = (event: Event) => {
    const field = event.currentTarget as HTMLInputElement;
    const files = [...(field.files ?? [])];
    // Without this the same file cannot be chosen twice.
    field.value = '';
    if (files.length > 0) void session.addFiles(files, 'local');
  };
  const over = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    setIsOver(true);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    if (event.dataTransfer === null) return;
    droppedFiles(event.dataTransfer).then(
      (files) => session.addFiles(files, 'local'),
      () => session.notice(t('load_failed')),
    );
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; the button inside is the way for everyone
    <div
      class={isOver ? 'drop over' : 'drop'}
      onDragEnter={over}
      onDragOver={over}
      onDragLeave={(event) =>
        event.currentTarget.contains(event.relatedTarget as Node | null) || setIsOver(false)
      }
      onDrop={drop}
    >
      <Icon path={iconPaths.upload} />
      <p class="drop-title">
        {isOver
          ? t(multiple ? 'local.drop_title_multiple' : 'local.drop_title_single')
          : t(multiple ? 'local.dd_title_multi' : 'local.dd_title_single')}
      </p>
      <p class="or">{t('or')}</p>
      <button type="button" class="button primary" data-first-focus onClick={() => input.current?.click()}>
        {t(multiple ? 'local.browse' : 'local.browse_single')}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        multiple={multiple}
        accept={acceptOf(settings.clientAllowedFormats)}
        onChange={chosen}
      />
    </div>
  );
}
