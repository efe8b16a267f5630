import type { ComponentWidgetSnapshot } from './component-widget.js';

export interface OpenerAttributes {
  readonly disabled: boolean;
  readonly title?: string;
  readonly 'aria-busy'?: boolean;
  readonly 'data-load-error'?: string;
}

/**
 * What a component's own button shows of the widget's state: it waits for the first load, and says when that failed. From then on it
 * may be pressed, also while it tries again: a button that is disabled would lose the focus of whoever pressed it.
 */
export function openerAttributes({
  isLoading,
  loadError,
}: Pick<ComponentWidgetSnapshot, 'isLoading' | 'loadError'>): OpenerAttributes {
  if (loadError === null) return { disabled: isLoading };
  return { disabled: false, title: loadError, 'aria-busy': isLoading, 'data-load-error': loadError };
}
