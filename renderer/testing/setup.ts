import { cleanup } from '@testing-library/react';
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

afterEach(cleanup);
