import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

// Parts of a browser that happy-dom lacks and Mantine asks for.
vi.stubGlobal(
  'ResizeObserver',
  class {
    observe(): void {}
    unobserve(): void {}
    disconnect(): void {}
  },
);
Element.prototype.scrollIntoView ??= () => undefined;

Object.defineProperty(document, 'fonts', { value: new EventTarget() });

// A busy machine draws late; what never comes still fails.
configure({ asyncUtilTimeout: 8_000 });

afterEach(cleanup);
