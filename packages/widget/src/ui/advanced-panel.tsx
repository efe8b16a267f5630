import { h } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { WidgetState } from '../upload-widget/state.js';
import type { ViewContext } from './context.js';

/** Public id, tags and preset, for pages that let their users choose (`showAdvancedOptions`). */
export function AdvancedPanel({
  state,
  context,
}: {
  readonly state: WidgetState;
  readonly context: ViewContext;
}) {
  const { session, t } = context;
  const { advanced } = state;
  const { getUploadPresets, getTags } = context.settings;

  const [presets, setPresets] = useState<readonly string[]>([]);
  const [suggestedTags, setSuggestedTags] = useState<readonly string[]>([]);

  useEffect(() => {
    getUploadPresets?.((given) => setPresets(given ?? []));
  }, []);

  const typedTags = (text: string) => {
    session.setAdvanced({ tags: text });
    const prefix = text.split(',').at(-1)?.trim() ?? '';
    if (prefix !== '') getTags?.((given) => setSuggestedTags(given ?? []), prefix);
  };
  /** The tags before the one that is being typed, with their comma. */
  const done = advanced.tags.replace(/(,?)[^,]*$/, (_, comma: string) => comma && ', ');

  return (
    <details class="advanced">
      <summary>{t('advanced')}</summary>
      <div class="fields">
        <label>
          <span>{t('advanced_options.public_id_ph')}</span>
          <input
            class="field"
            dir="auto"
            value={advanced.publicId}
            onInput={(event) => session.setAdvanced({ publicId: event.currentTarget.value })}
            onChange={(event) => session.told('publicid', event.currentTarget.value)}
          />
        </label>
        <label>
          <span>{t('advanced_options.tags_ph')}</span>
          <input
            class="field"
            dir="auto"
            list="tag-suggestions"
            value={advanced.tags}
            onInput={(event) => typedTags(event.currentTarget.value)}
            onChange={(event) => session.told('tags', event.currentTarget.value)}
          />
          <datalist id="tag-suggestions">
            {suggestedTags.map((tag) => (
              <option key={tag} value={done + tag} />
            ))}
          </datalist>
        </label>
        {presets.length > 0 && (
          <label>
            <span>{t('advanced_options.upload_preset_placeholder')}</span>
            <select
              class="field"
              value={advanced.uploadPreset}
              onChange={(event) => session.setAdvanced({ uploadPreset: event.currentTarget.value })}
            >
              <option value="">—</option>
              {presets.map((preset) => (
                <option key={preset} value={preset}>
                  {preset}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
    </details>
  );
}
