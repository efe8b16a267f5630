import { describe, expect, test, vi } from 'vitest';
import type { UploadWidgetCallback, UploadWidgetResult } from '../events.js';
import type { UploadWidgetOptions } from '../options.js';
import type { UploadWidget } from '../upload-widget/widget.js';
import { type ComponentWidgetProps, createComponentWidget } from './component-widget.js';

/** A provider that writes down what it is asked, as another script's would be: the real one runs in test/browser. */
function createRecorder() {
  const asked: unknown[][] = [];
  const made: { options: UploadWidgetOptions; callback: UploadWidgetCallback | undefined }[] = [];
  return {
    asked,
    made,
    createUploadWidget(options: UploadWidgetOptions = {}, callback?: UploadWidgetCallback): UploadWidget {
      const id = made.push({ options, callback });
      let display = 'hidden';
      let isDestroyed = false;
      const note =
        (name: string, next = display) =>
        (...args: unknown[]) => {
          asked.push([name, id, ...args]);
          display = next;
        };
      return {
        ...{ open: note('open', 'shown'), close: note('close', 'hidden'), hide: note('hide', 'hidden') },
        ...{ show: note('show', 'shown'), minimize: note('minimize', 'minimized'), update: note('update') },
        isShowing: () => display === 'shown',
        isMinimized: () => display === 'minimized',
        isDestroyed: () => isDestroyed,
        addFiles: async () => {},
        async destroy() {
          asked.push(['destroy', id]);
          isDestroyed = true;
        },
      };
    },
  };
}

const config = { cloudName: 'demo' };
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

async function mounted(given: ComponentWidgetProps = {}) {
  const recorder = createRecorder();
  let props: ComponentWidgetProps = { config, uploadPreset: 'p', widget: recorder, ...given };
  const component = createComponentWidget(() => props);
  component.mount();
  await nextTurn();
  return {
    component,
    recorder,
    set(changes: ComponentWidgetProps) {
      props = { ...props, ...changes };
      component.refresh();
    },
  };
}

describe("a component's widget", () => {
  test('is made once, and removed when the component goes', async () => {
    const { component, recorder } = await mounted();
    expect(recorder.made).toHaveLength(1);
    expect(component.snapshot()).toMatchObject({ isLoading: false, cloudinary: recorder });
    component.unmount();
    expect(recorder.asked).toEqual([['destroy', 1]]);
  });

  test('opened after the component went, it is not made again', async () => {
    const { component, recorder } = await mounted();
    component.unmount();
    component.methods.open();
    component.mount();
    await nextTurn();
    expect(recorder.made).toHaveLength(2);
    expect(recorder.asked).toEqual([['destroy', 1]]);
  });

  test('mounted, unmounted and mounted again in one turn, there is one', async () => {
    const recorder = createRecorder();
    const component = createComponentWidget(() => ({ config, uploadPreset: 'p', widget: recorder }));
    component.mount();
    component.unmount();
    component.mount();
    await nextTurn();
    expect(recorder.made).toHaveLength(1);
    expect(recorder.asked).toEqual([]);
  });

  test('opened too early, it opens when it is there', async () => {
    const recorder = createRecorder();
    const opened: UploadWidget[] = [];
    const component = createComponentWidget(() => ({
      ...{ config, uploadPreset: 'p', widget: async () => recorder },
      onOpen: (widget) => opened.push(widget),
    }));
    component.methods.open('url');
    component.mount();
    component.methods.open('camera');
    expect(component.snapshot().isLoading).toBe(true);
    await vi.waitFor(() => expect(recorder.asked).toEqual([['open', 1, 'camera']]));
    expect(opened).toEqual([component.snapshot().widget]);
  });

  test('closed, hidden or destroyed before it is there, it stays closed', async () => {
    for (const end of ['close', 'hide', 'destroy'] as const) {
      const recorder = createRecorder();
      const component = createComponentWidget(() => ({ config, uploadPreset: 'p', widget: recorder }));
      component.mount();
      component.methods.open();
      void component.methods[end]();
      await nextTurn();
      expect(recorder.made).toHaveLength(1);
      expect(recorder.asked).toEqual([]);
    }
  });

  test('another signature as a text is another widget, with its timestamp', async () => {
    const signed = (signature: string, timestamp: number) => ({
      options: { apiKey: '1', uploadSignature: signature, uploadSignatureTimestamp: timestamp },
    });
    const { recorder, set } = await mounted(signed('a', 1));
    set(signed('b', 2));
    expect(recorder.made.at(-1)?.options).toMatchObject(signed('b', 2).options);
    expect(recorder.asked).toEqual([['destroy', 1]]);
  });

  test('changed options are told, equal ones are not, and what is gone is null', async () => {
    const { recorder, set } = await mounted({ options: { maxFiles: 2, folder: 'a', sources: ['local'] } });
    set({ options: { maxFiles: 3, sources: ['local'] } });
    set({ options: { maxFiles: 3, sources: ['local'] } });
    expect(recorder.asked).toEqual([['update', 1, { maxFiles: 3, folder: null }]]);
  });

  test('a hook that update() leaves alone comes and goes with another widget', async () => {
    const { recorder, set } = await mounted();
    set({ options: { preBatch: () => {} } });
    set({ options: { preBatch: () => {} } });
    set({ options: {} });
    expect(recorder.made.map(({ options }) => 'preBatch' in options)).toEqual([false, true, false]);
    expect(recorder.asked).toEqual([
      ['destroy', 1],
      ['destroy', 2],
    ]);
  });

  test('options that the page changes in place are told too', async () => {
    const options = { tags: ['a'] };
    const { recorder, component } = await mounted({ options });
    options.tags.push('b');
    component.refresh();
    expect(recorder.asked).toEqual([['update', 1, { tags: ['a', 'b'] }]]);
  });

  test('another cloud is another widget, shown when the old one was', async () => {
    const { recorder, set, component } = await mounted();
    set({ config: { cloudName: 'second' } });
    expect(recorder.asked).toEqual([['destroy', 1]]);
    component.methods.open();
    set({ config: { cloudName: 'third' } });
    expect(recorder.asked.slice(1)).toEqual([
      ['open', 2],
      ['destroy', 2],
      ['open', 3],
    ]);
    expect(recorder.made.map(({ options }) => options.cloudName)).toEqual(['demo', 'second', 'third']);
  });

  test('destroyed by the page it stays so until it is opened', async () => {
    const { recorder, set, component } = await mounted();
    await component.methods.destroy();
    set({ config: { cloudName: 'second' } });
    set({ options: { maxFiles: 1 } });
    expect(recorder.made).toHaveLength(1);
    component.methods.open();
    expect(recorder.made.at(-1)?.options).toMatchObject({ cloudName: 'second', maxFiles: 1 });
  });

  test('the latest handler and the latest hook are called; those of a widget that is gone are not', async () => {
    const told: string[] = [];
    const sign = (text: string) => ({ sign: async () => text, onSuccess: () => told.push(text) });
    const { recorder, set } = await mounted(sign('first'));
    set(sign('second'));
    const [{ options, callback } = { options: {}, callback: undefined }] = recorder.made;
    expect(recorder.asked).toEqual([]);
    expect(await options.sign?.({}, { signal: AbortSignal.abort() })).toBe('second');
    const success = { event: 'success', info: {} } as UploadWidgetResult;
    callback?.(null, success);
    expect(told).toEqual(['second']);
    set({ config: { cloudName: 'other' } });
    callback?.(null, success);
    expect(told).toEqual(['second']);
  });

  test('a mistake is told once, and again when the widget is opened; corrected, it works', async () => {
    const told: string[] = [];
    const onError = ({ statusText }: { statusText: string }) => told.push(statusText);
    const { recorder, set, component } = await mounted({ uploadPreset: undefined, onError });
    set({ onError: (error) => onError(error) });
    expect(told).toEqual([expect.stringContaining('an upload preset is missing')]);
    component.methods.open();
    expect(told).toHaveLength(2);
    set({ uploadPreset: 'p' });
    expect(recorder.made).toHaveLength(1);
  });

  test('loaded by a function that is another one at each render, it stays; of another script it is another', async () => {
    const [first, second] = [createRecorder(), createRecorder()];
    const { set, component } = await mounted({ widget: () => first });
    set({ widget: () => first });
    await nextTurn();
    expect([first.made.length, first.asked]).toEqual([1, []]);
    set({ widget: second });
    await nextTurn();
    expect(first.asked).toEqual([['destroy', 1]]);
    expect(component.snapshot().cloudinary).toBe(second);
  });

  test('what cannot be loaded is told each time, and tried again when it is opened or mounted', async () => {
    const recorder = createRecorder();
    const told: string[] = [];
    const states: string[] = [];
    let isDown = true;
    const component = createComponentWidget(
      () => ({
        ...{ config, uploadPreset: 'p' },
        widget: async () => {
          if (isDown) throw new Error('the network is down');
          return recorder;
        },
        onError: ({ statusText }) => told.push(statusText),
      }),
      () => states.push(`${component.snapshot().isLoading} ${component.snapshot().loadError}`),
    );
    component.mount();
    await vi.waitFor(() => expect(told).toEqual(['the network is down']));
    component.refresh();
    component.methods.open('url');
    await vi.waitFor(() => expect(told).toHaveLength(2));
    component.unmount();
    component.mount();
    await vi.waitFor(() => expect(told).toHaveLength(3));
    isDown = false;
    component.methods.open('camera');
    component.methods.open('local');
    await vi.waitFor(() => expect(recorder.asked).toEqual([['open', 1, 'local']]));
    expect(states).toEqual([
      ...['true null', 'false the network is down'],
      ...['true the network is down', 'false the network is down'],
      ...['true null', 'false the network is down'],
      ...['true the network is down', 'false null'],
    ]);
    expect(told).toHaveLength(3);
  });
});
